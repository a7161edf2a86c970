import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { whenDone } from './shared.ts';

/** A request as it arrived, headers in lower case. */
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Of a POST. */
  readonly body: string;
}

export interface Server {
  /** Without a slash at the end. */
  readonly url: string;
  readonly asked: readonly Asked[];
}

/** What a server does with a request: a value is sent as JSON, undefined as 404; or it answers on the response itself. */
export type Answering = (asked: Asked, response: ServerResponse) => unknown;

/** A source on loopback, gone when the test ends. */
export async function useServer(answering: Answering): Promise<Server> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const { method = '', headers } = request;
    const body = method === 'POST' ? await text(request) : '';
    const call = { method, path: pathname, query: searchParams, headers, body };
    asked.push(call);
    const answer = await answering(call, response);
    if (response.headersSent || response.destroyed) return;
    if (answer === undefined) sendJson(response, 404, { title: 'Not Found' });
    else sendJson(response, 200, answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  whenDone(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  return { url: `http://127.0.0.1:${address.port}`, asked };
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** An address where nobody listens. */
export async function closedPort(): Promise<string> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 9}`;
}
