import { type HttpReply, type HttpRequest, NetworkFailure, ReplyTooLarge, type Transport } from './transport.ts';

/** The transport over global `fetch`. */
export const fetchTransport: Transport = async (request) => {
  const { signal, timeout } = request;
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal?.reason);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(
    () => stop.abort(new NetworkFailure(`no complete answer within ${timeout / 1000} s`, 'TIMEOUT')),
    timeout,
  );
  try {
    return await exchange(request, stop.signal);
  } catch (error) {
    throw asNetworkFailure(error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
};

// --- internal ---

async function exchange(
  { url, method, headers, body, maxBytes }: HttpRequest,
  signal: AbortSignal,
): Promise<HttpReply> {
  // A Buffer, because fetch gives a text body a Content-Type of its own.
  const payload = body === undefined ? null : Buffer.from(body);
  const response = await fetch(url, { method, headers, body: payload, redirect: 'manual', signal });
  return { status: response.status, headers: response.headers, body: await readBody(response, maxBytes) };
}

/** Counts what really arrives: a decompressed body can be far larger than its Content-Length. */
async function readBody(response: Response, maxBytes: number): Promise<Buffer> {
  const declared = response.headers.has('content-encoding') ? Number.NaN : contentLength(response.headers);
  if (declared > maxBytes) {
    await response.body?.cancel();
    throw new ReplyTooLarge(maxBytes);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) throw new ReplyTooLarge(maxBytes);
    chunks.push(chunk);
  }
  if (size < declared) throw new NetworkFailure(`the answer ended after ${size} of ${declared} bytes`, 'CUT_SHORT');
  return Buffer.concat(chunks, size);
}

function contentLength(headers: Headers): number {
  const text = headers.get('content-length');
  return text === null ? Number.NaN : Number(text);
}

/** The errors that undici, the fetch of Node, has for a failed exchange; anything else is passed on as it is. */
function asNetworkFailure(error: unknown): unknown {
  if (!(error instanceof TypeError) || !/^(fetch failed|terminated)$/.test(error.message)) return error;
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  const reason = cause instanceof Error && cause.message !== '' ? cause.message : code;
  return new NetworkFailure(reason ?? error.message, code, error);
}
