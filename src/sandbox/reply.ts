import type { IncomingHttpHeaders } from 'node:http';
import type { Account } from './account.ts';
import type { Credits } from './credits.ts';
import type { JobBook } from './job-book.ts';
import { pixelPng } from './png.ts';

/** A request that has fully arrived. */
export interface Call {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** As it was sent, with its question mark; empty when there is none. */
  readonly search: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What every route sees of the stand-in. */
export interface World {
  readonly origin: string;
  readonly key: string;
  readonly models: readonly object[];
  readonly planRoutes: boolean;
  readonly account: Account;
  readonly jobs: JobBook;
  /** Of the services that count in credits. */
  readonly credits: Credits;
  readonly now: () => number;
}

/** A whole answer, before it is sent. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export function json(value: unknown, headers: Reply['headers'] = {}, status = 200): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: Buffer.from(JSON.stringify(value)),
  };
}

/** An error as the live service writes those of status 400: JSON with `title` and `detail`. */
export function problem(status: number, title: string, detail: string, headers: Reply['headers'] = {}): Reply {
  return json({ title, detail }, headers, status);
}

export function html(status: number, title: string, headers: Reply['headers'] = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
    body: Buffer.from(
      `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`,
    ),
  };
}

export function png(headers: Reply['headers'] = {}, body: Buffer = pixelPng): Reply {
  return { status: 200, headers: { 'content-type': 'image/png', ...headers }, body };
}

export function bare(status: number, headers: Reply['headers'] = {}): Reply {
  return { status, headers, body: Buffer.alloc(0) };
}
