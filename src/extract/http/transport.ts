/** One HTTP request as it goes out, credentials included. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body?: string | undefined;
  /** Milliseconds for the whole exchange, the body included. */
  readonly timeout: number;
  /** Limit of the body, also after decompression. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/**
 * One request → its response, whatever the status; redirects are not followed. `fetch` is one transport, a replay from an
 * archive another. Throws NetworkFailure where no whole response came, ReplyTooLarge beyond `maxBytes`.
 */
export type Transport = (request: HttpRequest) => Promise<HttpReply>;

export class ReplyTooLarge extends Error {
  readonly limit: number;

  constructor(limit: number) {
    super(`the reply is larger than ${limit} bytes`);
    this.limit = limit;
  }
}
