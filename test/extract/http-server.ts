import { createServer, type IncomingMessage, type RequestListener, type ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface TestServer {
  readonly url: string;
  readonly requests: IncomingMessage[];
}

/** A real HTTP server on loopback that ends with the test. */
export async function serve(listener: RequestListener, options: ServerOptions = {}): Promise<TestServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer(options, (request, response) => {
    requests.push(request);
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, requests };
}
