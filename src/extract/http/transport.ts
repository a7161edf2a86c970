import type { HttpReply, HttpRequest } from '../../effects.ts';

export type { HttpReply, HttpRequest, Transport } from '../../effects.ts';

/** A reply as the extractor works with it. */
export interface Reply extends HttpReply {
  readonly body: Buffer;
}

/** The types of a program's own transport know no Buffer, for whoever compiles without those of Node. */
export function withBuffers(transport: (request: HttpRequest) => Promise<HttpReply>) {
  return async (request: HttpRequest): Promise<Reply> => {
    const reply = await transport(request);
    const { buffer, byteOffset, byteLength } = reply.body;
    return { ...reply, body: Buffer.isBuffer(reply.body) ? reply.body : Buffer.from(buffer, byteOffset, byteLength) };
  };
}

export class ReplyTooLarge extends Error {
  readonly limit: number;

  constructor(limit: number) {
    super(`the reply is larger than ${limit} bytes`);
    this.limit = limit;
  }
}
