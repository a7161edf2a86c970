import { crc32 } from 'node:zlib';
import type { HttpReply } from '../effects.ts';
import type { AskedRequest, Masking } from './asked-request.ts';
import type { FileMark } from './file-again.ts';
import { type Packing, packedBody, unpackedBody } from './packed-body.ts';

/** Which reply is kept. */
export interface Asked {
  readonly pipeline: string;
  readonly resource: string;
  readonly request: AskedRequest;
  /** When it was sent, or came; milliseconds since 1970. */
  readonly at: number;
}

/**
 * The first line of a kept reply, as JSON; the body, packed, follows. A request of which only this is written was sent, and its
 * reply never came.
 */
export interface KeptHead extends Asked {
  readonly reply?: KeptStatus;
}

/** A file `archive/<load id>/0001.paid`. */
export interface PaidReply {
  /** `<load id>/0001.paid`: what load packages call it. */
  readonly name: string;
  readonly file: string;
  readonly head: KeptHead;
}

interface KeptStatus {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly packing: Packing;
  /** Of the packed body. */
  readonly bytes: number;
  /** Of the packed body: one that was cut short, or written over in part, has another. */
  readonly crc32: number;
  /** The body is no part of this, but in the folder of files. */
  readonly file?: FileMark;
}

export function askedLine(asked: Asked): Buffer {
  return Buffer.from(`${JSON.stringify(asked)}\n`);
}

/** A reply as it is kept: a line of JSON, then its body. */
export async function keptBytes(asked: Asked, reply: HttpReply & { body: Buffer }, mask: Masking): Promise<Buffer> {
  const { status, file } = reply;
  const { packing, bytes } = await packedBody(file === undefined ? mask.body(reply.body) : NOTHING);
  const head: KeptHead = {
    ...asked,
    reply: {
      status,
      headers: keptHeaders(reply.headers, mask),
      packing,
      bytes: bytes.length,
      crc32: crc32(bytes),
      ...(file === undefined ? {} : { file: { sha256: file.sha256, bytes: file.bytes } }),
    },
  };
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), bytes, LINE_END]);
}

/** What was written last when a run died may be half of it. */
export interface Kept {
  readonly head: KeptHead;
  /** Where the next one begins. */
  readonly end: number;
  /** Packed; undefined where there is none, or where it is damaged. */
  readonly body: Buffer | undefined;
}

/** The kept reply that begins at `start`; undefined where none does. */
export function keptAt(bytes: Buffer, start: number): Kept | undefined {
  const lineEnd = bytes.indexOf('\n', start);
  const head = lineEnd < 0 ? undefined : headIn(bytes.toString('utf8', start, lineEnd));
  if (head === undefined) return undefined;
  if (head.reply === undefined) return { head, end: lineEnd + 1, body: undefined };
  const end = lineEnd + 1 + head.reply.bytes;
  const body = bytes.subarray(lineEnd + 1, end);
  const isWhole = body.length === head.reply.bytes && crc32(body) === head.reply.crc32;
  return { head, end: end + LINE_END.length, body: isWhole ? body : undefined };
}

/** The reply as it came, secrets masked. Throws an Error where its body is damaged. */
export async function replyOf({ head, body }: Kept): Promise<{ status: number; headers: Headers; body: Buffer }> {
  if (head.reply === undefined || body === undefined) throw new Error('it was cut short while it was written');
  const { status, headers, packing } = head.reply;
  return {
    status,
    headers: new Headers(headers.map(([name, value]) => [name, value])),
    body: await unpackedBody({ packing, bytes: body }),
  };
}

export function headIn(line: string): KeptHead | undefined {
  try {
    const head: unknown = JSON.parse(line);
    return isHead(head) ? head : undefined;
  } catch {
    return undefined;
  }
}

// --- internal ---

const LINE_END = Buffer.from('\n');
const NOTHING = Buffer.alloc(0);

/** Whoever has one of these is whoever it was given to. */
const telling = /^(set-cookie|authorization|proxy-authorization|authentication-info|www-authenticate|cookie)$/i;

function keptHeaders(headers: Headers, mask: Masking): [string, string][] {
  return [...headers].map(([name, value]) => [name, telling.test(name) ? '***' : mask.text(value)]);
}

function isHead(head: unknown): head is KeptHead {
  if (typeof head !== 'object' || head === null) return false;
  const { pipeline, resource, request, reply }: Partial<Record<keyof KeptHead, unknown>> = head;
  const isAsked = typeof pipeline === 'string' && typeof resource === 'string' && typeof request === 'object';
  return isAsked && request !== null && (reply === undefined || isStatus(reply));
}

/** Where the next one begins hangs on it. */
function isStatus(reply: unknown): reply is KeptStatus {
  return (
    typeof reply === 'object' &&
    reply !== null &&
    'bytes' in reply &&
    Number.isSafeInteger(reply.bytes) &&
    Number(reply.bytes) >= 0
  );
}
