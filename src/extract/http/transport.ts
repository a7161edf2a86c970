import type { HttpReply, HttpRequest } from '../../effects.ts';
import { bodyInFile } from './body-in-file.ts';

export type { HttpReply, HttpRequest, Transport } from '../../effects.ts';

/** Of a body that is to be a file, as much as is looked at before it is written. */
export const FIRST_BYTES = 512;

/** A reply as the extractor works with it. */
export interface Reply extends HttpReply {
  readonly body: Buffer;
}

/**
 * The types of a program's own transport know no Buffer, for whoever compiles without those of Node. Nor has it to know of files:
 * a body that should be in one is written here.
 */
export function withBuffers(transport: (request: HttpRequest) => Promise<HttpReply>) {
  return async (request: HttpRequest): Promise<Reply> => {
    const reply = await transport(request);
    const { status, headers, file } = reply;
    const { buffer, byteOffset, byteLength } = reply.body;
    const body = Buffer.isBuffer(reply.body) ? reply.body : Buffer.from(buffer, byteOffset, byteLength);
    if (file !== undefined) return { ...reply, body };
    const target = request.fileFor?.({ status, headers, first: body.subarray(0, FIRST_BYTES) });
    return { ...reply, ...(target === undefined ? { body } : await bodyInFile(target.path, [body])) };
  };
}

export class ReplyTooLarge extends Error {
  readonly limit: number;

  constructor(limit: number) {
    super(`the reply is larger than ${limit} bytes`);
    this.limit = limit;
  }
}
