import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import type { Call, Reply } from './call.ts';
import { services } from './services.ts';

/** What the APIs of well-known services look like, each below a path of its own: their lists, pages, filters and refusals. */
export class RestApis {
  url = '';
  /** Of the run that asks: 0, then 1. */
  round = 0;
  /** `GET /path a=1&b=2 body` of every request since `begin`, in alphabetical order: both programs ask for some at once. */
  get asked(): readonly string[] {
    return [...this.#asked].sort();
  }
  #asked: string[] = [];

  static async start(): Promise<RestApis> {
    const apis = new RestApis();
    const server = createServer(async (request, response) => {
      const { pathname: path, searchParams: query } = new URL(request.url ?? '/', apis.url);
      const { method = '', headers } = request;
      const call = { method, path, query, headers, body: await text(request), base: apis.url, round: apis.round };
      apis.#asked.push(described(call));
      const reply = answer(call);
      response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
      response.end(JSON.stringify(reply.body));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
    apis.url = `http://127.0.0.1:${address.port}`;
    return apis;
  }

  begin(round: number): void {
    this.round = round;
    this.#asked = [];
  }
}

// --- internal ---

function described({ method, path, query, body }: Call): string {
  const params = [...query].map((pair) => pair.join('=')).sort();
  return `${method} ${path} ${params.join('&')} ${body === '' ? '' : JSON.stringify(JSON.parse(body))}`;
}

function answer(call: Call): Reply {
  for (const [path, api] of services) {
    const found = new RegExp(`^${path}$`).exec(call.path);
    const reply = found === null ? undefined : api(call, ...found.slice(1));
    if (reply !== undefined) return reply;
  }
  return { status: 404, body: { message: 'Not Found' } };
}
