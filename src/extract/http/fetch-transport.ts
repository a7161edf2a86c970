import { NetworkFailure } from './network-failure.ts';
import { nodeFetch } from './node-fetch.ts';
import { type HttpProxy, proxyFor } from './proxy.ts';
import { receivedBody } from './received-body.ts';
import type { HttpReply, HttpRequest, Transport } from './transport.ts';
import { type Fetch, undiciFetch } from './undici-fetch.ts';

/** The transport over HTTP, by the proxies that the environment names. */
export function fetchTransport(env: Readonly<Record<string, string | undefined>>): Transport {
  const proxies = new Map<boolean, HttpProxy | undefined>();
  const proxyOf = (url: string) => {
    const isSecure = url.startsWith('https:');
    if (!proxies.has(isSecure)) proxies.set(isSecure, proxyFor(url, env));
    return proxies.get(isSecure);
  };
  return async (request) => {
    const proxy = proxyOf(request.url);
    return transported(request, proxy === undefined ? nodeFetch : await undiciFetch(proxy), proxy);
  };
}

// --- internal ---

async function transported(request: HttpRequest, send: Fetch, proxy: HttpProxy | undefined): Promise<HttpReply> {
  const { signal, timeout } = request;
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal?.reason);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(
    () =>
      stop.abort(
        new NetworkFailure(`no complete answer within ${timeout / 1000} s`, 'TIMEOUT', undefined, proxy?.variable),
      ),
    timeout,
  );
  try {
    return await exchange(request, send, stop.signal, () => void timer.refresh());
  } catch (error) {
    throw asNetworkFailure(error, proxy);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

async function exchange(
  request: HttpRequest,
  send: Fetch,
  signal: AbortSignal,
  onFilePiece: () => void,
): Promise<HttpReply> {
  const { url, method, headers, body, isOnce = false } = request;
  // A Buffer, because fetch gives a text body a Content-Type of its own.
  const payload = body === undefined ? null : Buffer.isBuffer(body) ? body : Buffer.from(body);
  const response = await send(url, { method, headers, body: payload, redirect: 'manual', signal, isOnce });
  const received = await receivedBody(response, request, onFilePiece);
  return { status: response.status, headers: response.headers, ...received };
}

/** The errors that `fetch` has for a failed exchange; anything else is passed on as it is. */
function asNetworkFailure(error: unknown, proxy: HttpProxy | undefined): unknown {
  if (!(error instanceof TypeError) || !/^(fetch failed|terminated)$/.test(error.message)) return error;
  const cause = rootOf(error);
  const reason = cause.message === '' ? codeOf(cause) : cause.message;
  return new NetworkFailure(reason ?? error.message, codeOf(cause), error, proxy?.variable);
}

function rootOf(error: Error): Error {
  return error.cause instanceof Error ? rootOf(error.cause) : error;
}

function codeOf(cause: Error): string | undefined {
  // What a proxy answers to CONNECT stands in the message alone.
  const refusal = /^Proxy (?:response|Authentication Required) \((\d+)\)/.exec(cause.message);
  if (refusal !== null) return `PROXY_${refusal[1]}`;
  // Of the list of ports in https://fetch.spec.whatwg.org/#port-blocking.
  if (cause.message === 'bad port') return 'BAD_PORT';
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  return cause.name === 'HTTPParserError' ? 'HPE' : undefined;
}
