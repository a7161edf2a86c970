import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { type Duplex, pipeline, type Readable } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { isBlockedPort } from './blocked-ports.ts';
import type { Fetch, FetchReply } from './undici-fetch.ts';

/**
 * What `fetch` does for a transport, by Node's HTTP client: half the processor time of Node's own `fetch`, which is made for
 * browsers' rules, and no traces of each request that only a full garbage collection removes. Fails as `fetch` does, with a
 * TypeError whose cause says why.
 */
export const nodeFetch: Fetch = (address, { method, headers, body, signal }) =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const url = new URL(address);
    if (isBlockedPort(url)) throw failed(new Error('bad port'));
    const isSecure = url.protocol === 'https:';
    const request = (isSecure ? https : http).request(url, {
      method,
      agent: isSecure ? secureAgent : agent,
      headers: { 'accept-encoding': ENCODINGS, ...Object.fromEntries(headers) },
    });
    const stop = linked(signal, request);
    request.on('error', (error) => {
      stop.release();
      reject(signal.aborted ? signal.reason : failed(error));
    });
    request.on('response', (reply) => {
      reply.once('close', stop.release);
      resolve({ status: reply.statusCode ?? 0, headers: headersOf(reply), body: bodyOf(reply, signal) });
    });
    request.end(body ?? undefined);
  });

// --- internal ---

const ENCODINGS = 'gzip, br';

/** Milliseconds: a connection that was idle for longer may be gone without a word. */
const IDLE = 4000;
const agent = new http.Agent({ keepAlive: true, timeout: IDLE });
const secureAgent = new https.Agent({ keepAlive: true, timeout: IDLE });

function linked(signal: AbortSignal, request: ClientRequest): { readonly release: () => void } {
  const stop = () => void request.destroy(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  return { release: () => signal.removeEventListener('abort', stop) };
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
  return headers;
}

function bodyOf(reply: IncomingMessage, signal: AbortSignal): FetchReply['body'] {
  const stream = unpacked(reply);
  return {
    async *[Symbol.asyncIterator]() {
      try {
        yield* stream;
      } catch (error) {
        throw signal.aborted ? signal.reason : failed(error);
      }
    },
    async cancel() {
      reply.destroy();
    },
  };
}

/** The last encoding was made last. What nobody asked for stays as it is. */
function unpacked(reply: IncomingMessage): Readable {
  if (reply.statusCode === 204 || reply.statusCode === 304) return reply;
  const encodings = reply.headers['content-encoding']?.toLowerCase().split(',') ?? [];
  const unpackers = encodings.toReversed().map((name) => unpackersOf[name.trim()]);
  return unpackers.reduce<Readable>((stream, unpacker) => {
    return unpacker === undefined ? stream : pipeline(stream, unpacker(), () => {}); // its error is thrown to who reads
  }, reply);
}

/** As lenient as browsers and curl: a stream without its last bytes is read as far as it goes. */
const gunzip = () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
const unpackersOf: Readonly<Record<string, () => Duplex>> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  deflate: () => createInflate({ finishFlush: constants.Z_SYNC_FLUSH }),
  br: () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH }),
};

function failed(cause: unknown): TypeError {
  return new TypeError('fetch failed', { cause: inWords(cause) });
}

/** Of what TLS complains about, Node's client gives the line of OpenSSL; by other ways it has a code like those of Node. */
function inWords(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause;
  const [, reason] = /:SSL routines:[^:]*:([^:]+):/.exec(cause.message) ?? [];
  if (reason === undefined) return cause;
  const code = `ERR_SSL_${reason.toUpperCase().replaceAll(/\W+/g, '_')}`;
  return Object.assign(new Error(reason), { code });
}
