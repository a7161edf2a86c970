import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { fetchTransport } from '../../../src/extract/http/fetch-transport.ts';

const text = JSON.stringify({ rows: Array.from({ length: 50 }, (_, id) => ({ id, name: `row ${id * id}` })) });
const gzipped = gzipSync(text);
const brotli = brotliCompressSync(text);

type Bytes = string | Buffer;

/** A server that answers whatever comes with these bytes, and hangs up then unless it `stays`. */
async function answering(bytes: readonly Bytes[], stays: boolean): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      const all = Buffer.concat(bytes.map((part) => Buffer.from(part)));
      if (stays) socket.write(all);
      else socket.end(all);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await once(server.close(), 'close');
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function outcomeOf(bytes: readonly Bytes[], stays = false, method = 'GET') {
  const url = await answering(bytes, stays);
  const ask = fetchTransport({});
  return ask({ method, url, headers: new Headers(), timeout: 300_000, maxBytes: 1_000_000 }).then(
    ({ status, body }) => ({ status, body: Buffer.from(body).toString() }),
    (error: unknown) => error,
  );
}

const head = (...lines: string[]) => ['HTTP/1.1 200 OK', ...lines, '', ''].join('\r\n');
const SWITCHING = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n';

it.each<[string, Bytes[], boolean]>([
  ['that changes to another protocol', [SWITCHING], true],
  ['that changes to another protocol, and hangs up', [SWITCHING], false],
  ['that ends in its headers', ['HTTP/1.1 200 OK\r\ncontent'], false],
  ['without a status', ['HTTP/1.1 000 Nothing\r\ncontent-length: 0\r\n\r\n'], true],
  ['gzip’d, cut short by the end of the connection', [head('content-encoding: gzip'), gzipped.subarray(0, -20)], false],
  ['gzip’d, without its checksum', [head('content-encoding: gzip'), gzipped.subarray(0, -8)], false],
  ['by brotli, cut short by the end of the connection', [head('content-encoding: br'), brotli.subarray(0, -10)], false],
  ['packed more often than anybody needs', [head(`content-encoding: ${'gzip, '.repeat(2000)}gzip`), gzipped], false],
])('an answer %s is a failed request', async (_, bytes, stays) => {
  expect(await outcomeOf(bytes, stays)).toMatchObject({ name: 'Error', message: expect.stringMatching(/./) });
  expect(await outcomeOf(bytes, stays)).toHaveProperty('code');
});

it.each<[string, Bytes[]]>([
  ['until the connection ends', [head('connection: close'), text]],
  ['gzip’d until the connection ends', [head('content-encoding: gzip'), gzipped]],
  ['by brotli until the connection ends', [head('content-encoding: br'), brotli]],
  ['after others that only begin', ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n', head(), text]],
  [
    'with a length and gzip without its checksum, as browsers do',
    [head('content-encoding: gzip', `content-length: ${gzipped.length - 8}`), gzipped.subarray(0, -8)],
  ],
  ...['constructor', '__proto__', 'toString', 'zstd', 'identity'].map((encoding): [string, Bytes[]] => [
    `in an encoding that nobody knows, ${encoding}, as it is`,
    [head(`content-encoding: ${encoding}`), text],
  ]),
])('an answer %s is read', async (_, bytes) => {
  expect(await outcomeOf(bytes)).toEqual({ status: 200, body: text });
});

it.each([204, 304])('a %i that tells the length of what it does not send is whole', async (status) => {
  const answer = `HTTP/1.1 ${status} So\r\ncontent-length: 471100000\r\n\r\n`;
  expect(await outcomeOf([answer])).toEqual({ status, body: '' });
});

it.each(['content-encoding: br', 'content-encoding: gzip', 'content-type: text/plain'])(
  'an answer to HEAD has no body, whatever its headers tell of it: %s',
  async (line) => {
    for (const length of [[], ['content-length: 52'], ['content-length: 471100000']])
      expect(await outcomeOf([head(...length, line)], false, 'HEAD')).toEqual({ status: 200, body: '' });
  },
);
