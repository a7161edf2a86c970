import type { Effects } from '../../effects.ts';
import { fetchTransport } from './fetch-transport.ts';

export interface SourceClock {
  /** Of the reply, whatever it says. */
  readonly status: number;
  /** Milliseconds that this clock is ahead of the source's; undefined where the reply says no `Date`. */
  readonly ahead: number | undefined;
  /** Until it came. */
  readonly milliseconds: number;
}

/** Asks an address once, without credentials, what time it is there: the `Date` of its reply. Throws NetworkFailure. */
export async function sourceClock(
  url: string,
  { now, env, transport = fetchTransport(env) }: Pick<Effects, 'now' | 'env' | 'transport'>,
  signal: AbortSignal,
): Promise<SourceClock> {
  const sentAt = now();
  const headers = new Headers({ accept: '*/*' });
  const { status, headers: reply } = await transport({
    method: 'HEAD',
    url,
    headers,
    timeout: 10_000,
    maxBytes: 1e6,
    signal,
  });
  const receivedAt = now();
  const date = Date.parse(reply.get('date') ?? '');
  // It counts whole seconds, and was written while the reply was on its way.
  const ahead = Number.isNaN(date) ? undefined : (sentAt + receivedAt) / 2 - (date + 500);
  return { status, ahead, milliseconds: receivedAt - sentAt };
}
