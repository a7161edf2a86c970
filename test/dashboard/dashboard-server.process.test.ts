import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { useDashboard } from '../support/dashboard.ts';
import { yamlProject } from '../support/project.ts';
import { shared } from '../support/shared.ts';

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Headers as they are given: `fetch` has its own ideas of `Host` and `Origin`. */
async function ask(url: string, headers: Record<string, string> = {}, method = 'GET', body = ''): Promise<Reply> {
  const asking = httpRequest(url, { method, headers, agent: false });
  asking.end(body);
  const [reply] = await once(asking, 'response');
  return { status: reply.statusCode, headers: reply.headers, body: await text(reply) };
}

/** What is answered to bytes that no client would send. */
async function answerTo(bytes: string, url: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(bytes);
  return text(socket).catch(() => '');
}

const served = shared(async () => useDashboard(await yamlProject()));

describe('who is answered', () => {
  test('the page and its data have what they need to be read, and by nobody else', async () => {
    const { url } = await served();
    const page = await ask(url);
    expect(page.status).toBe(200);
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'same-origin',
    });
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'sha256-");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    const data = await ask(`${url}freshness.json`);
    expect(data.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(data.headers['content-security-policy']).toContain('sandbox');
    expect(JSON.parse(data.body)).toMatchObject({ pipeline: 'small', lastRun: null });
  });

  const tokenless = (url: string) =>
    url.replace(/[0-9a-f]{48}/, (token) => token.replace(/^./, (one) => (one === 'a' ? 'b' : 'a')));

  test.each<[string, (url: string) => string]>([
    ['no token', (url) => new URL('/', url).href],
    ['no token, and the name of a view', (url) => new URL('/freshness.json', url).href],
    ['another token', tokenless],
    ['a token that is cut', (url) => url.replace(/.\/$/, '/')],
    ['a token that goes on', (url) => url.replace(/\/$/, '0/')],
    ['the token in the query', (url) => new URL(`/?token=${url.split('/')[3]}`, url).href],
  ])('an address with %s gets 403, and not what was wrong', async (_, other) => {
    const reply = await ask(other((await served()).url));
    expect(reply.status).toBe(403);
    expect(reply.body).toContain('no valid token');
    expect(reply.headers['content-security-policy']).toContain("default-src 'none'");
  });

  test.each<[string, number, Record<string, string>]>([
    ['a name that DNS leads here', 403, { host: 'evil.example' }],
    ['such a name that begins like ours', 403, { host: '127.0.0.1.evil.example' }],
    ['such a name that ends like ours', 403, { host: 'evil-localhost' }],
    ['another address of this machine', 403, { host: '192.168.0.4:80' }],
    ['a tunnel, which has another port', 200, { host: 'localhost:8000' }],
    ['another site', 403, { origin: 'https://evil.example' }],
    ['a page of another port', 403, { origin: 'http://127.0.0.1:9' }],
    ['a file', 403, { origin: 'null' }],
    ['a link of another site', 403, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
    ['an image in a page of another port', 403, { 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'image' }],
    ['the address bar', 200, { 'sec-fetch-site': 'none' }],
    ['the page itself', 200, { 'sec-fetch-site': 'same-origin' }],
  ])('%s gets %i', async (_, status, headers) => {
    const { url } = await served();
    expect((await ask(`${url}version.json`, headers)).status).toBe(status);
  });

  test('the origin of the page itself is none of another page', async () => {
    const { url } = await served();
    const { origin, host } = new URL(url);
    expect((await ask(`${url}version.json`, { origin, host })).status).toBe(200);
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'])('%s is not answered', async (method) => {
    const { url } = await served();
    const reply = await ask(`${url}freshness.json`, {}, method, method === 'TRACE' ? '' : '{}');
    expect(reply.status).toBe(405);
    expect(reply.headers).toMatchObject({ allow: 'GET, HEAD', connection: 'close' });
    expect(reply.headers).not.toHaveProperty('access-control-allow-origin');
  });

  test('HEAD gets the headers alone', async () => {
    const { url } = await served();
    const reply = await ask(url, {}, 'HEAD');
    expect([reply.status, reply.body]).toEqual([200, '']);
  });

  test.each([
    '../../etc/passwd',
    '..%2f..%2fetc%2fpasswd',
    'page.js',
    'freshness.json/',
    '%00',
    'constructor.json',
    '__proto__',
    'toString.json',
    'freshness.JSON',
    'runs.csv.json',
  ])('there is nothing at %s', async (path) => {
    const { url } = await served();
    const { port, pathname } = new URL(url);
    const answer = await answerTo(
      `GET ${pathname}${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`,
      url,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  });

  test.each([
    ['what is no HTTP', () => 'hello\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['no host', (path: string) => `GET ${path} HTTP/1.0\r\n\r\n`, /^HTTP\/1\.1 403 /],
    [
      'an address with a host',
      (path: string) => `GET http://evil.example${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`,
      /^HTTP\/1\.1 403 /,
    ],
    [
      'an endless address',
      (path: string) => `GET ${path}?sql=${'a'.repeat(100_000)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`,
      /^HTTP\/1\.1 431 |^$/,
    ],
    [
      'endless headers',
      (path: string) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`,
      /^HTTP\/1\.1 431 |^$/,
    ],
    ['half a request that never ends', (path: string) => `GET ${path} HTTP/1.1\r\nHost: 127`, /^HTTP\/1\.1 408 |^$/],
  ])('%s does not keep it busy', async (_, bytes, expected) => {
    const { url } = await served();
    expect(await answerTo(bytes(new URL(url).pathname), url)).toMatch(expected);
    expect((await ask(`${url}version.json`)).status).toBe(200);
  });
});

describe('the address', () => {
  test('has another token each time', async () => {
    const project = await yamlProject();
    const [one, other] = [await useDashboard(project), await useDashboard(project)];
    expect(one.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{48}\/$/);
    expect(new URL(one.url).pathname).not.toBe(new URL(other.url).pathname);
  });

  test('a port that is taken is said, with what to do', async () => {
    const { port } = new URL((await served()).url);
    await expect(useDashboard(await yamlProject(), Number(port))).rejects.toMatchObject({
      code: 'UsageInvalid',
      exitCode: 2,
      message: `The dashboard cannot listen on port ${port} of 127.0.0.1.`,
      hint: 'Give another port, or --port 0 for any free one.',
    });
  });
});
