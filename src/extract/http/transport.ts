import { FIRST_BYTES, type HttpReply, type HttpRequest, type Transport } from '../../effects.ts';
import { bodyInFile } from './body-in-file.ts';

export type { HttpReply, HttpRequest, Transport } from '../../effects.ts';

/** A reply as the extractor works with it. */
export interface Reply extends HttpReply {
  readonly body: Buffer;
}

type Send = (request: HttpRequest) => Promise<Reply>;

/** The types of a program's own transport know no Buffer, for whoever compiles without those of Node. */
export function withBuffers(transport: Transport): Send {
  return async (request) => {
    const reply = await transport(request);
    const { buffer, byteOffset, byteLength } = reply.body;
    return { ...reply, body: Buffer.isBuffer(reply.body) ? reply.body : Buffer.from(buffer, byteOffset, byteLength) };
  };
}

/** A transport need not know of files: a whole body that should be in one is written here. */
export function withFiles(send: Send): Send {
  return async (request) => {
    const reply = await send(request);
    if (reply.file !== undefined || request.fileFor === undefined) return reply;
    const { status, headers, body } = reply;
    const target = request.fileFor({ status, headers, first: body.subarray(0, FIRST_BYTES) });
    return target === undefined ? reply : { ...reply, ...(await bodyInFile(target.path, [body])) };
  };
}

export class ReplyTooLarge extends Error {
  readonly limit: number;

  constructor(limit: number) {
    super(`the reply is larger than ${limit} bytes`);
    this.limit = limit;
  }
}
