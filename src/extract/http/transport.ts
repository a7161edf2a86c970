export type { HttpReply, HttpRequest, Transport } from '../../effects.ts';

export class ReplyTooLarge extends Error {
  readonly limit: number;

  constructor(limit: number) {
    super(`the reply is larger than ${limit} bytes`);
    this.limit = limit;
  }
}
