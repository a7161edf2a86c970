import { once } from 'node:events';
import { createServer, type IncomingMessage, request as send } from 'node:http';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Proxy {
  /** Without a slash at the end. */
  readonly url: string;
  /** What was asked of it, such as `CONNECT api.example.test:443`, with the credentials that came along. */
  readonly asked: { readonly line: string; readonly authorization: string | undefined }[];
}

export interface ProxyOptions {
  /** Where everything is sent, whatever host was asked for: names need not exist. */
  readonly target: string;
  /** Instead of doing what is asked. */
  readonly answer?: number;
}

/** A real HTTP proxy on loopback that ends with the test. */
export async function useProxy({ target, answer }: ProxyOptions): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const asked: Proxy['asked'] = [];
  const note = ({ method, url, headers }: IncomingMessage) =>
    void asked.push({ line: `${method} ${url}`, authorization: headers['proxy-authorization'] });
  const server = createServer((request, response) => {
    note(request);
    if (answer !== undefined) return void response.writeHead(answer).end();
    const { pathname, search } = new URL(request.url ?? '');
    const { method, headers } = request;
    const onward = send({ hostname, port, path: `${pathname}${search}`, method, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    });
    request.pipe(onward);
  });
  const sockets = new Set<{ destroy(): void }>();
  server.on('connect', (request, client, head) => {
    note(request);
    sockets.add(client.on('error', () => {}));
    if (answer !== undefined) return void client.end(`HTTP/1.1 ${answer} No\r\n\r\n`);
    const tunnel = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      tunnel.write(head);
      tunnel.pipe(client).pipe(tunnel);
    });
    sockets.add(tunnel.on('error', () => client.destroy()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
  return { url: `http://127.0.0.1:${address.port}`, asked };
}
