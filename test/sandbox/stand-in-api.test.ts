import { describe, expect, test } from 'vitest';
import { sandboxJobs } from '../../src/sandbox/ids.ts';
import { startSandbox } from '../../src/sandbox/stand-in-api.ts';
import { bodyOf, useSandbox } from '../support/sandbox.ts';

describe('startSandbox', () => {
  test('listens on loopback, and every reply says that it is a stand-in', async () => {
    const { url, key } = await useSandbox();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    for (const path of ['/info', '/nowhere', '/models', `/jobs/${sandboxJobs.completed}`]) {
      const reply = await fetch(`${url}${path}`, { headers: { 'x-dezgo-key': key } });
      expect(reply.headers.get('x-sandbox')).toBe('stand-in');
    }
  });

  test('records what arrives, refused requests too', async () => {
    const { url, key, requests } = await useSandbox();
    await fetch(`${url}/paged?cursor=a%20b`, { headers: { 'X-Dezgo-Key': key } });
    await fetch(`${url}/text2image`, { method: 'POST', body: '{"prompt":"é"}' });
    expect(requests).toMatchObject([
      { method: 'GET', path: '/paged', search: '?cursor=a%20b', headers: { 'x-dezgo-key': key }, body: '' },
      { method: 'POST', path: '/text2image', search: '', body: '{"prompt":"é"}' },
    ]);
  });

  test('refuses a port that is taken, and says how to get another', async () => {
    const { url } = await useSandbox();
    const port = Number(new URL(url).port);
    await expect(startSandbox({ port })).rejects.toThrow(
      expect.objectContaining({ code: 'UsageInvalid', hint: expect.stringContaining('--port 0'), facts: { port } }),
    );
  });

  test('answers later with a latency', async () => {
    const { url } = await useSandbox({ latency: 600_000 });
    await expect(fetch(`${url}/info`, { signal: AbortSignal.timeout(50) })).rejects.toThrow(/timeout/i);
  });

  test('close ends a request that is under way, and a second close does no harm', async () => {
    const sandbox = await startSandbox({ fault: { name: 'slow', ms: 600_000 } });
    const waiting = expect(fetch(`${sandbox.url}/info`)).rejects.toThrow('fetch failed');
    while (sandbox.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await sandbox.close();
    await sandbox.close();
    await waiting;
    await expect(fetch(`${sandbox.url}/info`)).rejects.toThrow('fetch failed');
  });
});

describe('paths', () => {
  const planned = [
    ['GET', '/models'],
    ['GET', `/jobs/${sandboxJobs.completed}`],
    ['GET', '/images/any'],
    ['POST', '/images/generate'],
  ] as const;

  test.each(planned)('%s %s is gone without the planned routes', async (method, path) => {
    const { url, key } = await useSandbox({ planRoutes: false });
    const reply = await fetch(`${url}${path}`, { method, headers: { 'x-dezgo-key': key } });
    expect(reply.status).toBe(404);
    expect(await bodyOf(reply)).toEqual({ title: 'Not Found', detail: `There is no path ${path}.` });
  });

  test('the real ones stay without the planned routes', async () => {
    const { url, key } = await useSandbox({ planRoutes: false });
    for (const path of ['/info', '/account/tx/last']) {
      expect((await fetch(`${url}${path}`, { headers: { 'x-dezgo-key': key } })).status).toBe(200);
    }
  });

  test.each(['/', '/nowhere', '/jobs', '/jobs/', '/jobs/a/b', '/models/', '//evil.example/info', '/%zz'])(
    '%s is a 404 problem',
    async (path) => {
      const { url, key } = await useSandbox();
      const reply = await fetch(`${url}${path}`, { headers: { 'x-dezgo-key': key } });
      expect(reply.status).toBe(404);
      expect(await bodyOf(reply)).toMatchObject({ title: 'Not Found' });
    },
  );

  test('a wrong method is a 405 that names the right one', async () => {
    const { url, key } = await useSandbox();
    const reply = await fetch(`${url}/text2image`, { headers: { 'x-dezgo-key': key } });
    expect(reply.status).toBe(405);
    expect(reply.headers.get('allow')).toBe('POST');
  });
});
