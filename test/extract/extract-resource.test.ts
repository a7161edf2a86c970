import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { BASE, collect, KEY, resource } from './collect.ts';
import { useNock } from './http/nock-guard.ts';

useNock();

describe('a resource with an endpoint', () => {
  it('gives the selected records, with the key in its header, and tells of the request', async () => {
    nock(BASE, {
      reqheaders: { 'X-Dezgo-Key': KEY, accept: 'application/json, */*;q=0.5', 'user-agent': /^dezgo-elt\/\d/ },
    })
      .get('/models')
      .reply(200, { data: [{ id: 'a' }, { id: 'b' }] });
    const { records, outcome, traces, pages, error } = await collect(resource({ data_selector: 'data' }));
    expect(error).toBeUndefined();
    expect(records).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect(outcome).toEqual({ status: 'extracted', records: 2, requests: 1, notes: [], isWhole: true });
    expect(pages[0]?.request).toBe('GET /models');
    expect(traces).toEqual([
      {
        resource: 'models',
        method: 'GET',
        url: `${BASE}/models`,
        status: 200,
        attempts: 1,
        milliseconds: 0,
        bytes: 32,
      },
    ]);
  });

  it('reads a fallback when the first page answers 404, and says so', async () => {
    nock(BASE).get('/models').reply(404, { title: 'Not Found' });
    nock(BASE)
      .get('/info')
      .reply(200, { name: 'dezgo', models: [{ id: 'a' }] });
    const { records, outcome } = await collect(
      resource({ data_selector: 'data', fallbacks: [{ path: 'info', data_selector: 'models' }] }),
    );
    expect(records).toEqual([{ id: 'a' }]);
    expect(outcome?.notes).toEqual(['`info` answered instead of `models` (404)']);
  });

  it('fails with the last 404 when no fallback answers either', async () => {
    nock(BASE).get('/models').reply(404);
    nock(BASE).get('/info').reply(404);
    const { error } = await collect(resource({ fallbacks: [{ path: 'info' }] }));
    expect(error).toMatchObject({ code: 'ReplyUnusable', message: 'GET /info was not found (404)' });
  });
});
