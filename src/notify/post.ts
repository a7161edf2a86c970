import type { Secret } from '../config/secret.ts';
import type { Effects, HttpRequest, Transport } from '../effects.ts';
import { fetchTransport } from '../extract/http/fetch-transport.ts';
import { isFinal, NetworkFailure } from '../extract/http/network-failure.ts';
import { version } from '../version.ts';

export interface Post {
  readonly url: Secret;
  readonly headers?: Readonly<Record<string, string | Secret>> | undefined;
  readonly contentType: string;
  readonly body: string;
  /** Milliseconds for all tries together. */
  readonly timeout: number;
  /** What becomes of the address before it is used. */
  readonly at?: ((address: URL) => URL) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Tells somebody something over HTTP. A server that is not there, or answers 429 or 5xx, is asked up to three times.
 *
 * @returns why it failed, as the end of a sentence that shows nothing of the address; undefined where it was told
 */
export async function post(parts: Post, effects: Effects): Promise<string | undefined> {
  const deadline = effects.now() + parts.timeout;
  const unknown = await unsettled(parts, effects);
  if (unknown !== undefined) return unknown;
  const request = requestOf(parts);
  if (typeof request === 'string') return request;
  const send = effects.transport ?? fetchTransport(effects.env);
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await sent(send, { ...request, timeout: Math.max(1, Math.ceil(deadline - effects.now())) });
    if (outcome === undefined) return undefined;
    const wait = attempt * FIRST_WAIT;
    const isLast = !outcome.isPassing || attempt === ATTEMPTS || effects.now() + wait >= deadline;
    if (isLast || parts.signal?.aborted) return withoutHost(outcome.reason, request.url);
    await effects.sleep(wait, parts.signal).catch(() => undefined);
  }
}

export function isHttpAddress(text: string): boolean {
  return /^https?:\/\//i.test(text.trim()) && URL.canParse(text.trim());
}

// --- internal ---

const ATTEMPTS = 3;
const FIRST_WAIT = 500;
/** Nobody reads what is answered. */
const LONGEST_ANSWER = 1_000_000;

interface Failed {
  readonly reason: string;
  /** It may work in a moment. */
  readonly isPassing: boolean;
}

/** Why a value that somebody has to be asked for is not there. */
async function unsettled({ url, headers = {}, timeout }: Post, { sleep }: Effects): Promise<string | undefined> {
  const awaited = [url, ...Object.values(headers)].filter((one) => typeof one !== 'string' && one.isAwaited);
  if (awaited.length === 0) return undefined;
  const over = new AbortController();
  const late = sleep(timeout, over.signal).then(
    () => `its address was not there within ${timeout / 1000} s`,
    () => undefined,
  );
  const settled = Promise.all(awaited.map((one) => (typeof one === 'string' ? undefined : one.settle()))).then(
    () => undefined,
    (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)),
  );
  const reason = await Promise.race([settled, late]);
  over.abort();
  return reason;
}

function requestOf({ url, headers = {}, contentType, body, at, signal }: Post): Omit<HttpRequest, 'timeout'> | string {
  if (url.isMissing) return `the address is not known. ${url.missingError().message}`;
  const text = url.reveal().trim();
  if (!isHttpAddress(text)) return `what ${url.origin} holds is no http address`;
  const missing = Object.values(headers).find((value) => typeof value !== 'string' && value.isMissing);
  if (missing !== undefined && typeof missing !== 'string') return missing.missingError().message;
  const given = new URL(text);
  const address = at?.(given) ?? given;
  const sentHeaders = new Headers({ 'user-agent': `dezgo-elt/${version}`, 'content-type': contentType });
  // Node sends what is in front of an `@` itself; undici, which goes through proxies, refuses it.
  const { username, password } = address;
  if (username !== '' || password !== '') sentHeaders.set('authorization', basic(username, password));
  Object.assign(address, { username: '', password: '', hash: '' });
  try {
    for (const [name, value] of Object.entries(headers)) {
      sentHeaders.set(name, typeof value === 'string' ? value : value.reveal());
    }
  } catch {
    return 'a header holds what no header can carry';
  }
  return { method: 'POST', url: address.href, headers: sentHeaders, body, maxBytes: LONGEST_ANSWER, signal };
}

function basic(username: string, password: string): string {
  const decoded = [username, password].map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
  return `Basic ${Buffer.from(decoded.join(':')).toString('base64')}`;
}

async function sent(send: Transport, request: HttpRequest): Promise<Failed | undefined> {
  try {
    const { status, headers } = await send(request);
    if (status >= 200 && status < 300) return undefined;
    return {
      reason: `it answered ${status}${redirection(status, headers)}`,
      isPassing: status === 429 || status >= 500,
    };
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return { reason, isPassing: thrown instanceof NetworkFailure && !isFinal(thrown) && thrown.code !== 'TIMEOUT' };
  }
}

/** The name of the host may be what is secret: services give each hook a host of its own. */
function withoutHost(reason: string, url: string): string {
  return reason.replaceAll(new URL(url).hostname, '***');
}

/** Where a redirect leads, without its path: addresses of hooks are secrets. */
function redirection(status: number, headers: Headers): string {
  if (status < 300 || status > 399) return '';
  const location = headers.get('location') ?? '';
  const host = URL.canParse(location) ? ` to ${new URL(location).origin}` : '';
  return `, a redirect${host}, which is not followed`;
}
