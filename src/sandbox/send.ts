import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reply } from './reply.ts';

/** How the bytes of a reply leave the stand-in. */
export type Send = (reply: Reply, response: ServerResponse, options: SendOptions) => Promise<void>;

interface SendOptions {
  /** How long a slow way of sending waits. */
  readonly ms: number;
  /** Aborts when the stand-in closes. */
  readonly signal: AbortSignal;
}

/** Padding of a huge reply, in bytes. */
const hugeBytes = 64 * 1024 * 1024;

export const sendWhole: Send = async (reply, response) => {
  writeHead(reply, response);
  response.end(reply.body);
};

export const sendLate: Send = async (reply, response, options) => {
  await sleep(options.ms, undefined, { signal: options.signal });
  await sendWhole(reply, response, options);
};

/** Headers and half of the body at once, the rest late: a timer that stops at the headers does not catch it. */
export const sendHaltingly: Send = async (reply, response, { ms, signal }) => {
  writeHead(reply, response);
  response.write(firstHalf(reply.body));
  await sleep(ms, undefined, { signal });
  response.end(reply.body.subarray(firstHalf(reply.body).length));
};

/** Promises the whole body, sends half of it and hangs up. */
export const sendHalf: Send = async (reply, response) => {
  writeHead(reply, response);
  response.write(firstHalf(reply.body), () => response.destroy());
};

export const hangUp: Send = async (_, response) => {
  response.destroy();
};

/** The body, then blanks without end in sight and without a content length. Blanks after JSON are still JSON. */
export const sendPadded: Send = async (reply, response) => {
  response.writeHead(reply.status, { ...reply.headers, ...mark });
  await pipeline(Readable.from(padded(reply.body)), response);
};

export const firstHalf = (body: Buffer) => body.subarray(0, Math.ceil(body.length / 2));

/** Every reply says where it comes from. */
const mark = { 'x-sandbox': 'stand-in' };

function writeHead({ status, headers, body }: Reply, response: ServerResponse): void {
  const length = status === 204 ? {} : { 'content-length': body.length };
  response.writeHead(status, { ...headers, ...length, ...mark });
}

function* padded(body: Buffer): Generator<Buffer> {
  yield body;
  const blanks = Buffer.alloc(64 * 1024, ' ');
  for (let sent = 0; sent < hugeBytes; sent += blanks.length) yield blanks;
}
