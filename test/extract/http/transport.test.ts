import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ClientConfig } from '../../../src/config/grammar/client-schema.ts';
import { PipelineError } from '../../../src/errors.ts';
import { apiKey, client, collect, type EndpointParts, KEY, resource } from '../collect.ts';
import { serve } from '../http-server.ts';

const models = resource({ data_selector: 'data' });
const text = JSON.stringify({ data: [{ id: 'a', filler: 'x'.repeat(2000) }] });

const nextPage = (other: string) => JSON.stringify({ ...JSON.parse(text), next: `${other}models` });

function clientFor(base_url: string, more: Partial<ClientConfig> = {}): ClientConfig {
  return { ...client, base_url, ...more };
}

describe('a connection that is cut', () => {
  it.each([
    ['with Content-Length', { 'content-length': String(text.length) }],
    ['in chunks', {}],
  ])('while the body arrives %s is a failed attempt, and the next one succeeds', async (_, headers) => {
    let calls = 0;
    const { url } = await serve((_, response) => {
      calls += 1;
      response.writeHead(200, { 'content-type': 'application/json', ...headers });
      if (calls > 1) return response.end(text);
      response.write(text.slice(0, 500), () => response.destroy());
    });
    const { records, error, traces } = await collect(models, { client: clientFor(url) });
    expect(error).toBeUndefined();
    expect(records).toHaveLength(1);
    expect(traces).toMatchObject([{ attempts: 2, bytes: text.length }]);
  });

  it('every time ends as SourceUnavailable', async () => {
    const { url, requests } = await serve((_, response) => response.destroy());
    expect((await collect(models, { client: clientFor(url) })).error).toMatchObject({
      code: 'SourceUnavailable',
      exitCode: 5,
    });
    expect(requests).toHaveLength(3);
  });

  it('says it when nobody listens', async () => {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    await once(server.close(), 'close');
    expect((await collect(models, { client: clientFor(`http://127.0.0.1:${port}/`) })).error).toMatchObject({
      code: 'SourceUnavailable',
      message: expect.stringContaining('ECONNREFUSED'),
      facts: { attempts: 3 },
    });
  });
});

describe('a server that speaks something else', () => {
  it('than https says so at once, in one sentence', async () => {
    const { url } = await serve((_, response) => response.end(text));
    const secure = url.replace('http:', 'https:');
    expect((await collect(models, { client: clientFor(secure) })).error).toMatchObject({
      code: 'SourceUnavailable',
      message: `No answer to GET ${secure}models: what listens there does not speak TLS, perhaps it serves plain http [ERR_SSL_WRONG_VERSION_NUMBER]`,
      hint: 'Write `http://` instead of `https://`, or the port where it serves https.',
    });
  });

  it('on a port of another protocol is not asked at all', async () => {
    expect((await collect(models, { client: clientFor('http://127.0.0.1:25/') })).error).toMatchObject({
      code: 'SourceUnavailable',
      message:
        'No answer to GET http://127.0.0.1:25/models: that port belongs to another protocol, no HTTP is sent there [BAD_PORT]',
    });
  });

  it('than HTTP says so', async () => {
    const mail = createServer((socket) => socket.on('error', () => {}).end('220 ready\r\n'));
    await once(mail.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void mail.close());
    const url = `http://127.0.0.1:${(mail.address() as AddressInfo).port}/`;
    expect((await collect(models, { client: clientFor(url) })).error).toMatchObject({
      message: expect.stringContaining('what listens there does not answer in HTTP [HPE'),
      hint: expect.stringContaining('if it serves https, write `https://`'),
    });
  });
});

it('a request that must not be sent twice has a connection of its own, which no server closes just then', async () => {
  const { url, requests } = await serve((_, response) => response.end('{"data": [{"id": 1}]}'));
  const post = resource({ path: 'generate', method: 'POST', json: {}, data_selector: 'data' });
  for (const asked of [models, models, post, models]) await collect(asked, { client: clientFor(url) });
  const [first, ...others] = requests.map(({ socket }) => socket.remotePort);
  expect(others.map((port) => port === first)).toEqual([true, false, true]);
});

it('a cursor of a megabyte is sent, but not shown', async () => {
  const next = 'x'.repeat(900_000);
  const { url, requests } = await serve(
    (request, response) => {
      const isFirst = request.url === '/models';
      response.writeHead(isFirst ? 200 : 414).end(JSON.stringify({ data: [{ id: 1 }], next }));
    },
    { maxHeaderSize: 2_000_000 },
  );
  const list = resource({
    data_selector: 'data',
    paginator: { type: 'cursor', cursor_path: 'next', stop_after_empty_page: true },
  });
  const { error, traces } = await collect(list, { client: clientFor(url) });
  expect(requests[1]?.url).toBe(`/models?cursor=${next}`);
  expect(error).toMatchObject({ message: expect.stringMatching(/^GET \/models\?cursor=x{900,999}… /) });
  expect(traces.at(-1)?.url.length).toBeLessThan(1100);
});

describe('a slow answer', () => {
  it('may have a limit of many days', async () => {
    const { url, requests } = await serve((_, response) => response.end(text));
    expect(await collect(models, { client: clientFor(url, { timeout: 24 * 86_400_000 }) })).toMatchObject({
      error: undefined,
      outcome: { records: 1 },
    });
    expect(requests[0]?.headers).toMatchObject({
      'x-dezgo-key': KEY,
      'user-agent': expect.stringMatching(/^dezgo-elt/),
    });
  });

  /** No timer of ours runs until the server says that its time is over. */
  function pauseTimers(): void {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
  }

  it.each([
    ['before the headers', false],
    ['within the body', true],
  ])('%s runs into the timeout', async (_, hasHeaders) => {
    pauseTimers();
    const timeUp = () => void vi.advanceTimersByTime(3000);
    const { url } = await serve((_, response) => {
      if (hasHeaders) response.writeHead(200).write('{"data": [', timeUp);
      else timeUp();
    });
    const { error } = await collect(models, { client: clientFor(url, { timeout: 3000 }) });
    expect(error).toMatchObject({
      code: 'SourceUnavailable',
      message: expect.stringContaining('no complete answer within 3 s'),
      facts: { attempts: 3 },
    });
  });

  it('has the time that its endpoint gives it', async () => {
    pauseTimers();
    const { url } = await serve(() => void vi.advanceTimersByTime(2000));
    const impatient = resource({ timeout: 2000 });
    expect((await collect(impatient, { client: clientFor(url) })).error).toMatchObject({
      facts: { reason: 'TIMEOUT' },
    });
  });
});

describe('a reply larger than max_response_bytes', () => {
  const limited = { max_response_bytes: 1000 };

  it.each<[string, Record<string, string>, Buffer]>([
    ['as it says itself', { 'content-length': String(text.length) }, Buffer.from(text)],
    ['as it turns out', {}, Buffer.from(text)],
    ['after decompression', { 'content-encoding': 'gzip' }, gzipSync(text)],
  ])('is refused %s', async (_, headers, body) => {
    const { url, requests } = await serve((_, response) => response.writeHead(200, headers).end(body));
    expect((await collect(models, { client: clientFor(url, limited) })).error).toMatchObject({
      code: 'ReplyUnusable',
      message: expect.stringContaining('larger than 1000 bytes'),
      hint: expect.stringContaining('max_response_bytes'),
    });
    expect(requests).toHaveLength(1);
  });

  it('is read when it is compressed and within the limit', async () => {
    const { url } = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(text)),
    );
    expect(await collect(models, { client: clientFor(url) })).toMatchObject({
      error: undefined,
      outcome: { records: 1 },
    });
  });
});

describe('a redirect', () => {
  it('within the host is followed with the key', async () => {
    const { url, requests } = await serve((request, response) => {
      if (request.url === '/models') response.writeHead(302, { location: '/v2/models' }).end();
      else response.end(text);
    });
    expect(await collect(models, { client: clientFor(url) })).toMatchObject({
      error: undefined,
      outcome: { records: 1, requests: 1 },
    });
    expect(requests.map(({ url, headers }) => [url, headers['x-dezgo-key']])).toEqual([
      ['/models', KEY],
      ['/v2/models', KEY],
    ]);
  });

  it.each<[string, Partial<EndpointParts>, (other: string) => [number, Record<string, string>, string]]>([
    ['itself', {}, (other) => [307, { location: `${other}models` }, '']],
    ['a next link', { paginator: { type: 'json_link', next_url_path: 'next' } }, (other) => [200, {}, nextPage(other)]],
    [
      'a Link header',
      { paginator: { type: 'header_link', links_next_key: 'next' } },
      (other) => [200, { link: `<${other}models>; rel="next"` }, text],
    ],
  ])(
    'to another host, here as %s, gets no header of the configuration that a browser would not send',
    async (_, endpoint, answer) => {
      const other = await serve((_, response) => response.end('{"data": [{"id": "b"}]}'));
      const { url, requests } = await serve((_, response) => {
        const [status, headers, body] = answer(other.url);
        response.writeHead(status, headers).end(body);
      });
      const shared = { Accept: 'application/json', 'accept-language': 'tr', 'User-Agent': 'mine/1' };
      const kept = {
        Authorization: 'Bearer plain',
        Cookie: 'session=1',
        'X-Tenant': 'acme',
        'X-Echo': `prefix ${KEY}`,
      };
      const own = { 'X-Own': 'endpoint', 'X-Secret': apiKey };
      const what = resource({ data_selector: 'data', ...endpoint, headers: own });
      const { error } = await collect(what, { client: clientFor(url, { headers: { ...shared, ...kept } }) });
      expect(error).toBeUndefined();
      const names = [...Object.keys({ ...kept, ...own }), 'X-Dezgo-Key'].map((name) => name.toLowerCase());
      expect(Object.keys(requests[0]?.headers ?? {})).toEqual(expect.arrayContaining(names));
      const received = other.requests[0]?.headers ?? {};
      expect(received).toMatchObject({ accept: 'application/json', 'accept-language': 'tr', 'user-agent': 'mine/1' });
      expect(Object.keys(received).filter((name) => names.includes(name))).toEqual([]);
      expect(JSON.stringify(received)).not.toContain(KEY);
    },
  );

  it('to another host that refuses says that no credentials were sent', async () => {
    const other = await serve((_, response) => response.writeHead(401).end());
    const { url } = await serve((_, response) => response.writeHead(302, { location: other.url }).end());
    expect((await collect(models, { client: clientFor(url) })).error).toMatchObject({
      code: 'SourceRefused',
      message: 'GET /models was refused (401); no credentials were sent',
    });
  });

  it.each([
    ['/models', 'was followed 10 times'],
    ['ftp://x/', 'leads to the protocol `ftp:`'],
    ['http://[', 'leads to something that is no URL'],
    ['http://me:hunter2@x/', 'leads to an address with a user name or password in it'],
    ['//hunter2@x/', 'leads to an address with a user name or password in it'],
  ])('to %s ends as ReplyUnusable', async (location, message) => {
    const { url } = await serve((_, response) => response.writeHead(302, { location }).end());
    const { error } = await collect(models, { client: clientFor(url) });
    expect(error).toMatchObject({ code: 'ReplyUnusable', message: expect.stringContaining(message) });
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });

  it('of a POST by 303 goes on as a GET without a body, by 307 with it', async () => {
    const seen: string[] = [];
    const { url } = await serve(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      seen.push(`${request.method} ${request.url} ${body}`);
      if (request.url === '/a') response.writeHead(307, { location: '/b' }).end();
      else if (request.url === '/b') response.writeHead(303, { location: '/c' }).end();
      else response.end('{"id": 1}');
    });
    const post = resource({ path: 'a', method: 'POST', json: { x: 1 } });
    expect(await collect(post, { client: clientFor(url) })).toMatchObject({ records: [{ id: 1 }] });
    expect(seen).toEqual(['POST /a {"x":1}', 'POST /b {"x":1}', 'GET /c ']);
  });
});

describe('an interrupted run', () => {
  it('cancels a GET that is under way', async () => {
    const stop = new AbortController();
    const { url } = await serve(() => stop.abort());
    expect((await collect(models, { client: clientFor(url), signal: stop.signal })).error).toMatchObject({
      code: 'Interrupted',
    });
  });

  it("ends with the signal's own reason", async () => {
    const stop = new AbortController();
    const reason = new PipelineError({ code: 'Terminated', message: 'SIGTERM', hint: 'none' });
    const { url } = await serve(() => stop.abort(reason));
    expect((await collect(models, { client: clientFor(url), signal: stop.signal })).error).toBe(reason);
  });

  it('cancels a wait before the next attempt', async () => {
    const stop = new AbortController();
    const { url, requests } = await serve((_, response) => {
      response.writeHead(500).end();
      setImmediate(() => stop.abort());
    });
    const sleep = (_: number, signal?: AbortSignal) =>
      new Promise<void>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    const effects = { now: () => 0, random: () => 0, sleep, env: {}, log: { warn() {}, progress() {} } };
    expect((await collect(models, { client: clientFor(url), signal: stop.signal, effects })).error).toMatchObject({
      code: 'Interrupted',
    });
    expect(requests).toHaveLength(1);
  });

  it('waits for a POST that is under way and keeps its reply', async () => {
    const stop = new AbortController();
    const { url } = await serve((_, response) => {
      stop.abort();
      setImmediate(() => response.end('{"id": 1}'));
    });
    const post = resource({ path: 'generate', method: 'POST', json: {} });
    const { records } = await collect(post, { client: clientFor(url), signal: stop.signal });
    expect(records).toEqual([{ id: 1 }]);
  });

  it('does not start when it was stopped before', async () => {
    const { error, traces } = await collect(models, { signal: AbortSignal.abort() });
    expect(error).toMatchObject({ code: 'Interrupted' });
    expect(traces).toEqual([]);
  });
});
