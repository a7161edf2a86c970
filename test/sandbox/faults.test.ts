import { describe, expect, test } from 'vitest';
import { faultName } from '../../src/sandbox/fault-list.ts';
import { type FaultName, faults } from '../../src/sandbox/faults.ts';
import { sandboxModels } from '../../src/sandbox/models.ts';
import type { Sandbox } from '../../src/sandbox/stand-in-api.ts';
import { bodyOf, request, useSandbox } from '../support/sandbox.ts';

const get = (sandbox: Sandbox, path = '/models', init?: RequestInit) => request(sandbox, path, init);

async function statuses(sandbox: Sandbox, times: number): Promise<number[]> {
  const seen: number[] = [];
  for (let i = 0; i < times; i += 1) {
    const reply = await get(sandbox);
    await reply.arrayBuffer();
    seen.push(reply.status);
  }
  return seen;
}

describe('the list of faults', () => {
  test('has a name and one line of summary for each', () => {
    for (const { summary } of Object.values(faults)) expect(summary).toMatch(/^\S.{5,90}$/);
  });

  test('refuses a name that it does not have, and names those it has', () => {
    expect(faultName('html-502')).toBe('html-502');
    for (const text of ['html502', '', 'toString', '__proto__']) {
      expect(() => faultName(text)).toThrow(
        expect.objectContaining({ code: 'UsageInvalid', hint: expect.stringContaining('html-502') }),
      );
    }
  });
});

describe('a fault that answers instead of the route', () => {
  const cases: [FaultName, number, string | null, RegExp][] = [
    ['unauthorized', 401, 'application/json; charset=utf-8', /"title":"Unauthorized"/],
    ['unauthorized-empty', 401, null, /^$/],
    ['payment-required', 402, 'application/json; charset=utf-8', /"title"/],
    ['forbidden', 403, 'application/json; charset=utf-8', /"title"/],
    ['throttle', 429, 'application/json; charset=utf-8', /"title"/],
    ['html-502', 502, 'text/html; charset=utf-8', /^<!doctype html>/],
    ['html-instead-of-json', 200, 'text/html; charset=utf-8', /^<!doctype html>/],
    ['image-instead-of-json', 200, 'image/png', /PNG/],
  ];
  test.each(cases)('%s is %i with content type %s', async (fault, status, type, body) => {
    const sandbox = await useSandbox({ fault });
    const reply = await get(sandbox);
    expect(reply.status).toBe(status);
    expect(reply.headers.get('content-type')).toBe(type);
    expect(reply.headers.get('x-sandbox')).toBe('stand-in');
    expect(await reply.text()).toMatch(body);
  });

  test('spares the ledger: a throttled order costs nothing', async () => {
    const sandbox = await useSandbox({ fault: 'throttle-once' });
    const order = { method: 'POST', body: new URLSearchParams({ prompt: 'x' }) };
    expect((await get(sandbox, '/text2image', order)).status).toBe(429);
    expect((await bodyOf(await get(sandbox, '/account/tx/last'))).index).toBe(6);
  });
});

describe('Retry-After', () => {
  test('is in seconds, a date, a day, or absent', async () => {
    const now = () => Date.UTC(2026, 0, 1, 12, 0, 0, 900);
    const sandbox = await useSandbox({ now });
    const retryAfter = async (fault: FaultName) => {
      sandbox.setFault(fault);
      return (await get(sandbox)).headers.get('retry-after');
    };
    expect(await retryAfter('throttle')).toBe('1');
    expect(await retryAfter('throttle-once')).toBe('1');
    expect(await retryAfter('unavailable-once')).toBe('1');
    expect(await retryAfter('throttle-date')).toBe('Thu, 01 Jan 2026 12:00:02 GMT');
    expect(await retryAfter('throttle-long')).toBe('86400');
    expect(await retryAfter('throttle-silent')).toBeNull();
  });
});

describe('how often and where', () => {
  test('throttle-once is over after one request, flaky-502 after two, html-502 never', async () => {
    const sandbox = await useSandbox({ fault: 'throttle-once' });
    expect(await statuses(sandbox, 3)).toEqual([429, 200, 200]);
    sandbox.setFault('flaky-502');
    expect(await statuses(sandbox, 3)).toEqual([502, 502, 200]);
    sandbox.setFault('html-502');
    expect(await statuses(sandbox, 3)).toEqual([502, 502, 502]);
    sandbox.setFault(null);
    expect(await statuses(sandbox, 1)).toEqual([200]);
  });

  test('several faults take turns in the order given', async () => {
    const sandbox = await useSandbox({ fault: ['throttle-once', 'flaky-502'] });
    expect(await statuses(sandbox, 4)).toEqual([429, 502, 502, 200]);
  });

  test('a fault can be bound to a path and to a number of requests', async () => {
    const sandbox = await useSandbox({ fault: { name: 'forbidden', path: '/models', times: 2 } });
    expect((await get(sandbox, '/info')).status).toBe(200);
    expect(await statuses(sandbox, 3)).toEqual([403, 403, 200]);
  });
});

describe('an account without transactions', () => {
  test.each([
    ['empty-204', 204, ''],
    ['empty-null', 200, 'null'],
    ['empty-object', 200, '{}'],
    ['empty-404', 404, '{"title":"Not Found","detail":"This account has no transactions."}'],
  ] as const)('as %s, and every other path is as ever', async (fault, status, body) => {
    const sandbox = await useSandbox({ fault });
    const reply = await get(sandbox, '/account/tx/last');
    expect(reply.status).toBe(status);
    expect(await reply.text()).toBe(body);
    expect((await bodyOf(await get(sandbox))).data).toHaveLength(sandboxModels.length);
  });
});

describe('a damaged body', () => {
  test('truncated-json is whole by its length and broken as JSON', async () => {
    const sandbox = await useSandbox({ fault: 'truncated-json' });
    const reply = await get(sandbox);
    const text = await reply.text();
    expect(reply.headers.get('content-length')).toBe(String(Buffer.byteLength(text)));
    expect(text.startsWith('{"data":[')).toBe(true);
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  test('empty-body is JSON by its header only', async () => {
    const sandbox = await useSandbox({ fault: 'empty-body' });
    const reply = await get(sandbox);
    expect(reply.headers.get('content-type')).toMatch(/json/);
    expect(await reply.text()).toBe('');
  });

  test('huge-reply streams more than it announces and stops when the client hangs up', async () => {
    const sandbox = await useSandbox({ fault: { name: 'huge-reply', times: 1 } });
    const reply = await get(sandbox);
    expect(reply.headers.has('content-length')).toBe(false);
    let bytes = 0;
    for await (const chunk of reply.body ?? []) {
      bytes += chunk.length;
      if (bytes > 1_000_000) break;
    }
    expect(bytes).toBeLessThan(64_000_000);
    expect((await get(sandbox)).status).toBe(200);
  });

  test('huge-reply is still valid JSON for a client that reads it all', async () => {
    const sandbox = await useSandbox({ fault: 'huge-reply' });
    const text = await (await get(sandbox)).text();
    expect(text.length).toBeGreaterThan(64_000_000);
    expect(JSON.parse(text).data).toHaveLength(sandboxModels.length);
  });

  test('echo-key repeats the key in every record, echo-key-400 in the text of the error', async () => {
    const sandbox = await useSandbox({ fault: 'echo-key' });
    const { data } = await bodyOf(await get(sandbox));
    expect(data.map((row: { echoedKey: string }) => row.echoedKey)).toEqual(sandboxModels.map(() => sandbox.key));
    sandbox.setFault('echo-key-400');
    const reply = await get(sandbox);
    expect(reply.status).toBe(400);
    expect(await reply.text()).toContain(sandbox.key);
  });
});

describe('a damaged connection', () => {
  test('cut-connection breaks off in the body, drop-connection before it', async () => {
    const sandbox = await useSandbox({ fault: 'cut-connection' });
    const reply = await get(sandbox);
    expect(reply.status).toBe(200);
    await expect(reply.text()).rejects.toThrow('terminated');
    sandbox.setFault('drop-connection');
    await expect(get(sandbox)).rejects.toThrow('fetch failed');
  });

  test('a generation that is cut off has been charged all the same', async () => {
    const sandbox = await useSandbox({ fault: { name: 'cut-connection', path: '/text2image' } });
    const reply = await get(sandbox, '/text2image', { method: 'POST', body: new URLSearchParams({ prompt: 'x' }) });
    await expect(reply.arrayBuffer()).rejects.toThrow();
    expect((await bodyOf(await get(sandbox, '/account/tx/last'))).index).toBe(7);
  });

  test('slow answers in the end, unless the client gives up first', async () => {
    const sandbox = await useSandbox({ fault: { name: 'slow', ms: 50 } });
    expect((await get(sandbox)).status).toBe(200);
    sandbox.setFault({ name: 'slow', ms: 600_000 });
    await expect(get(sandbox, '/models', { signal: AbortSignal.timeout(50) })).rejects.toThrow(/timeout/i);
  });

  test.each(['slow', 'slow-body', 'huge-reply'] as const)('%s outlives a client that has gone', async (name) => {
    const sandbox = await useSandbox({ fault: { name, ms: 100, times: 1 } });
    const giveUp = new AbortController();
    const given = get(sandbox, '/models', { signal: giveUp.signal });
    while (sandbox.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    giveUp.abort();
    await expect(given.then((reply) => reply.text())).rejects.toThrow(/abort/i);
    sandbox.setFault({ name: 'slow', ms: 300 });
    expect((await get(sandbox)).status).toBe(200);
  });

  test('slow-body shows its headers at once and keeps the rest back', async () => {
    const sandbox = await useSandbox({ fault: { name: 'slow-body', ms: 600_000 } });
    const giveUp = new AbortController();
    const reply = await get(sandbox, '/models', { signal: giveUp.signal });
    expect(reply.status).toBe(200);
    giveUp.abort();
    await expect(reply.text()).rejects.toThrow(/abort/i);
    sandbox.setFault({ name: 'slow-body', ms: 20 });
    expect((await bodyOf(await get(sandbox))).data).toHaveLength(sandboxModels.length);
  });
});

describe('a redirect', () => {
  test('leads to the same path of another host, which answers', async () => {
    const sandbox = await useSandbox({ fault: 'redirect' });
    const stay = await get(sandbox, '/paged?cursor=5', { redirect: 'manual' });
    const other = sandbox.url.replace('127.0.0.1', 'localhost');
    expect(stay.status).toBe(307);
    expect(stay.headers.get('location')).toBe(`${other}/paged?cursor=5`);
    const followed = await get(sandbox, '/info');
    expect(followed.status).toBe(200);
    expect(new URL(followed.url).hostname).toBe('localhost');
    expect(sandbox.requests.map(({ headers }) => headers.host?.split(':')[0])).toEqual([
      '127.0.0.1',
      '127.0.0.1',
      'localhost',
    ]);
  });

  test('can go round in a circle', async () => {
    const sandbox = await useSandbox({ fault: 'redirect-loop' });
    await expect(get(sandbox)).rejects.toThrow('fetch failed');
    expect(sandbox.requests.length).toBeGreaterThan(10);
  });
});

describe('a paged route', () => {
  async function pages(sandbox: Sandbox, count: number): Promise<{ data: { id: string }[]; next: string }[]> {
    const seen = [];
    let cursor = '0';
    for (let i = 0; i < count; i += 1) {
      const page = await bodyOf(await get(sandbox, `/paged?cursor=${cursor}`));
      seen.push(page);
      cursor = page.next;
    }
    return seen;
  }

  test('endless-cursor always names a new cursor and gives new rows', async () => {
    const seen = await pages(await useSandbox({ fault: 'endless-cursor' }), 20);
    expect(new Set(seen.map(({ next }) => next)).size).toBe(20);
    expect(new Set(seen.flatMap(({ data }) => data.map(({ id }) => id))).size).toBe(100);
  });

  test('endless-cursor works without models too', async () => {
    const [first] = await pages(await useSandbox({ fault: 'endless-cursor', models: [] }), 1);
    expect(first?.data[0]).toEqual({ id: 'endless_0' });
  });

  test('repeating-page names new cursors and gives the same rows', async () => {
    const seen = await pages(await useSandbox({ fault: 'repeating-page' }), 4);
    expect(new Set(seen.map(({ next }) => next)).size).toBe(4);
    expect(new Set(seen.map(({ data }) => JSON.stringify(data))).size).toBe(1);
  });

  test('stuck-cursor names itself', async () => {
    const seen = await pages(await useSandbox({ fault: 'stuck-cursor' }), 3);
    expect(seen.map(({ next }) => next)).toEqual(['stuck', 'stuck', 'stuck']);
  });
});
