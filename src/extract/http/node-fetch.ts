import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { type Duplex, pipeline, type Readable } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { isBlockedPort } from './blocked-ports.ts';
import { isBodiless } from './bodiless.ts';
import type { Fetch, FetchReply } from './undici-fetch.ts';

/**
 * What `fetch` does for a transport, by Node's HTTP client: half the processor time of Node's own `fetch`, which is made for
 * browsers' rules, and no traces of each request that only a full garbage collection removes. Fails as `fetch` does, with a
 * TypeError whose cause says why.
 */
export const nodeFetch: Fetch = async (address, options) => {
  const { signal } = options;
  signal.throwIfAborted();
  const url = new URL(address);
  if (isBlockedPort(url)) throw failed(new Error('bad port'));
  const reply = await answerOf(url, options);
  const { statusCode: status = 0 } = reply;
  if (status < 200) {
    reply.destroy();
    throw failed(noReply(`the status ${status} is not that of an answer`));
  }
  return {
    status,
    headers: headersOf(reply),
    body: bodyOf(isBodiless(options.method, status) ? reply : unpacked(reply), signal),
  };
};

// --- internal ---

const ENCODINGS = 'gzip, br';

/** Milliseconds: a connection that was idle for longer may be gone without a word. */
const IDLE = 4000;
const agent = new http.Agent({ keepAlive: true, timeout: IDLE });
const secureAgent = new https.Agent({ keepAlive: true, timeout: IDLE });

function answerOf(url: URL, { method, headers, body, signal, isOnce }: Parameters<Fetch>[1]): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const isSecure = url.protocol === 'https:';
    const request = (isSecure ? https : http).request(url, {
      method,
      agent: isOnce ? false : isSecure ? secureAgent : agent,
      headers: { 'accept-encoding': ENCODINGS, ...Object.fromEntries(headers) },
    });
    const stop = linked(signal, request);
    const fail = (error: Error) => {
      stop.release();
      reject(signal.aborted ? signal.reason : failed(error));
    };
    request.on('error', fail);
    // No error for Node where the other side goes over to another protocol: there is no response then, and nothing else comes.
    const onClose = () => fail(noReply('the connection ended without an answer'));
    request.on('close', onClose);
    request.on('response', (reply) => {
      request.off('close', onClose);
      reply.once('close', stop.release);
      resolve(reply);
    });
    request.end(body ?? undefined);
  });
}

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

function bodyOf(stream: Readable, signal: AbortSignal): FetchReply['body'] {
  return {
    async *[Symbol.asyncIterator]() {
      try {
        yield* stream;
      } catch (error) {
        throw signal.aborted ? signal.reason : failed(error);
      }
    },
  };
}

/** The last encoding was made last. What nobody asked for stays as it is. */
function unpacked(reply: IncomingMessage): Readable {
  const encodings = reply.headers['content-encoding']?.toLowerCase().split(',') ?? [];
  if (encodings.length > MOST_ENCODINGS) {
    reply.destroy();
    throw failed(noReply(`it is packed ${encodings.length} times`));
  }
  const isWhole = tellsItsEnd(reply);
  const unpackers = encodings.toReversed().map((name) => unpackersOf.get(name.trim()));
  return unpackers.reduce<Readable>((stream, unpacker) => {
    return unpacker === undefined ? stream : pipeline(stream, unpacker(isWhole), () => {}); // its error is thrown to who reads
  }, reply);
}

/** As many as curl takes. */
const MOST_ENCODINGS = 5;

/** Whether a body that is cut short is found out without what is packed in it. */
function tellsItsEnd({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

const { Z_SYNC_FLUSH, Z_FINISH, BROTLI_OPERATION_FLUSH, BROTLI_OPERATION_FINISH } = constants;

/** As lenient as browsers and curl with what came whole: a stream without its last bytes is read as far as it goes. */
const gunzip = (isWhole: boolean) => createGunzip({ finishFlush: isWhole ? Z_SYNC_FLUSH : Z_FINISH });
const unpackersOf: ReadonlyMap<string, (isWhole: boolean) => Duplex> = new Map([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', (isWhole) => createInflate({ finishFlush: isWhole ? Z_SYNC_FLUSH : Z_FINISH })],
  [
    'br',
    (isWhole) => createBrotliDecompress({ finishFlush: isWhole ? BROTLI_OPERATION_FLUSH : BROTLI_OPERATION_FINISH }),
  ],
]);

/** Of HTTP that is none. */
function noReply(message: string): Error {
  return Object.assign(new Error(message), { code: 'HPE_NO_ANSWER' });
}

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
