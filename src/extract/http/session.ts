import type { ReplyKeeping } from '../../archive/reply-keeping.ts';
import { clientDefaults } from '../../config/client-defaults.ts';
import type { Effects } from '../../effects.ts';
import type { FileStore } from '../../files/file-store.ts';
import type { Findings } from '../../findings.ts';
import type { ExtractContext } from '../context.ts';
import type { Waiting } from '../page.ts';
import { fetchTransport } from './fetch-transport.ts';
import { Places } from './places.ts';
import { proxySecrets } from './proxy.ts';
import type { RateWindow } from './rate-window.ts';
import type { RetryPolicy } from './retry.ts';
import { SecretMask } from './secret-mask.ts';
import type { Traffic } from './traffic.ts';
import { type HttpRequest, type Reply, withBuffers, withFiles } from './transport.ts';

/** What all requests of one resource share. */
export interface Session {
  readonly resource: string;
  readonly transport: (request: HttpRequest) => Promise<Reply>;
  readonly effects: Effects;
  readonly traffic: Traffic;
  /** For requests of this resource that are under way at once. */
  readonly places: Places;
  readonly signal: AbortSignal;
  readonly mask: SecretMask;
  readonly retry: RetryPolicy;
  /** Limit of a reply's body. */
  readonly maxBytes: number;
  /** Of one that is written to a file. */
  readonly maxFileBytes: number;
  /** Where files are kept. */
  readonly files?: FileStore | undefined;
  /** Of the endpoint that is asked; that of the client holds as well. */
  readonly rate?: RateWindow | undefined;
  readonly client: ExtractContext['client'];
  readonly findings: Pick<Findings, 'request'>;
  /** What keeps the replies to what is asked for, if anything does. */
  readonly replies?: ReplyKeeping | undefined;
  onWaiting(waiting: Waiting): void;
}

/** `most`: so many requests of the resource may be under way at once. */
export function sessionFor(resource: string, context: ExtractContext, traffic: Traffic, most: number): Session {
  const { client = clientDefaults, effects, signal, secrets, findings } = context;
  const mask = new SecretMask(secrets, findings);
  for (const secret of proxySecrets(effects.env)) mask.add(secret);
  return {
    resource,
    transport: withFiles(withBuffers(effects.transport ?? fetchTransport(effects.env))),
    effects,
    traffic,
    places: new Places(most),
    signal: signal ?? new AbortController().signal,
    mask,
    retry: client.retry,
    maxBytes: client.max_response_bytes ?? clientDefaults.max_response_bytes,
    maxFileBytes: context.client?.max_response_bytes ?? Number.POSITIVE_INFINITY,
    files: context.files,
    client: context.client,
    findings,
    replies: context.replies,
    onWaiting: (waiting) => context.onWaiting?.(waiting),
  };
}
