import { createHash } from 'node:crypto';
import type { HttpRequest } from '../effects.ts';

/** A request as kept replies name it: no secret is in it, and other secrets make no other request. */
export interface AskedRequest {
  readonly method: string;
  readonly url: string;
  /** SHA-256 of the body; null without one. */
  readonly body: string | null;
}

/** What tells one request from another. */
export type Identified = Pick<HttpRequest, 'method' | 'url' | 'body'>;

/** Hides secrets by their value. */
export interface Masking {
  text(text: string): string;
  /** The same bytes where none is in them. */
  body(bytes: Buffer): Buffer;
}

export function askedRequest({ method, url, body }: Identified, mask: Masking): AskedRequest {
  return { method, url: mask.text(url), body: body === undefined ? null : hashOf(mask.body(bytesOf(body))) };
}

export function isSameRequest(one: AskedRequest, other: AskedRequest): boolean {
  return one.method === other.method && one.url === other.url && one.body === other.body;
}

/** `POST /images/generate`, for messages. */
export function shownRequest({ method, url }: AskedRequest): string {
  const { pathname, search } = new URL(url);
  return `${method} ${pathname}${search}`;
}

// --- internal ---

/** A Buffer as it is: what was found in one is remembered by it. */
function bytesOf(body: string | Uint8Array): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(body);
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
