import { FIRST_BYTES } from '../../effects.ts';
import { isBodiless } from './bodiless.ts';
import { bodyInFile, type WrittenBody } from './body-in-file.ts';
import { NetworkFailure } from './network-failure.ts';
import { type HttpRequest, ReplyTooLarge } from './transport.ts';
import type { FetchReply } from './undici-fetch.ts';

/**
 * The whole body, in memory or in the file that the request has for it.
 *
 * @param onFilePiece called for each piece that is written
 * @throws ReplyTooLarge, NetworkFailure for a body that is cut short, PipelineError DestinationFailed
 */
export async function receivedBody(
  response: FetchReply,
  { method, maxBytes, fileFor }: Pick<HttpRequest, 'method' | 'maxBytes' | 'fileFor'>,
  onFilePiece: () => void,
): Promise<Pick<WrittenBody, 'body'> & Partial<WrittenBody>> {
  const { status, headers } = response;
  const declared = isBodiless(method, status) ? Number.NaN : declaredBytes(headers);
  const pieces = wholeBody(response, declared);
  try {
    const begun = await beginning(pieces);
    const first = Buffer.concat(begun).subarray(0, FIRST_BYTES);
    const target = fileFor?.({ status, headers, first });
    const limit = target?.maxBytes ?? maxBytes;
    if (declared > limit) throw new ReplyTooLarge(limit);
    const all = within(limit, begun, pieces);
    return target === undefined ? { body: await inMemory(all) } : await bodyInFile(target.path, all, onFilePiece);
  } finally {
    await pieces.return(undefined); // what is not read is not sent either
  }
}

// --- internal ---

type Pieces = AsyncGenerator<Uint8Array, void, undefined>;

async function* wholeBody({ body }: FetchReply, declared: number): Pieces {
  let size = 0;
  for await (const piece of body ?? []) {
    size += piece.length;
    yield piece;
  }
  if (size < declared) throw new NetworkFailure(`the answer ended after ${size} of ${declared} bytes`, 'CUT_SHORT');
}

async function beginning(pieces: Pieces): Promise<Uint8Array[]> {
  const begun: Uint8Array[] = [];
  for (let size = 0; size < FIRST_BYTES; ) {
    const next = await pieces.next();
    if (next.done === true) break;
    begun.push(next.value);
    size += next.value.length;
  }
  return begun;
}

/** Counts what really arrives: a decompressed body can be far larger than its Content-Length. */
async function* within(limit: number, begun: readonly Uint8Array[], rest: Pieces): Pieces {
  let size = 0;
  const counted = (piece: Uint8Array) => {
    size += piece.length;
    if (size > limit) throw new ReplyTooLarge(limit);
    return piece;
  };
  for (const piece of begun) yield counted(piece);
  for await (const piece of rest) yield counted(piece);
}

async function inMemory(pieces: Pieces): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

/** NaN where it is not known how long the body is that is read. */
function declaredBytes(headers: Headers): number {
  const text = headers.get('content-length');
  return text === null || headers.has('content-encoding') ? Number.NaN : Number(text);
}
