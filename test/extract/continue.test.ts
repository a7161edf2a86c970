import nock from 'nock';
import { describe, expect, it } from 'vitest';
import type { PaginatorConfig } from '../../src/config/grammar/paginator-schema.ts';
import type { ResolvedResource } from '../../src/config/pipeline-config.ts';
import type { Position } from '../../src/extract/page.ts';
import { BASE, type ContextParts, collect, resource } from './collect.ts';
import { useNock } from './http/nock-guard.ts';

useNock();

const page = (...ids: (number | string)[]) => ids.map((id) => ({ id }));

/** What a load package does with a position: text and back. */
function kept(position: Position | undefined): Position {
  return JSON.parse(JSON.stringify(position));
}

/**
 * Runs a resource whole, then again from the position after each of its pages: what comes must be just the rest. `answer`
 * sets up all the replies anew.
 */
async function continuesAnywhere(
  what: ResolvedResource,
  answer: () => void,
  context: ContextParts = {},
): Promise<void> {
  answer();
  const whole = await collect(what, context);
  expect(whole.error).toBeUndefined();
  expect(whole.pages.length).toBeGreaterThan(1);
  for (const [index, { position }] of whole.pages.entries()) {
    answer();
    const rest = await collect(what, { ...context, position: kept(position) });
    expect(rest.error).toBeUndefined();
    expect(rest.pages).toEqual(whole.pages.slice(index + 1));
    expect(rest.outcome?.status).toBe('extracted');
    nock.cleanAll();
  }
}

describe('a resource continues after any of its pages', () => {
  it.each<[string, PaginatorConfig, (n: number) => string, (n: number) => Record<string, unknown>]>([
    [
      'page_number',
      { type: 'page_number', base_page: 1, stop_after_empty_page: true },
      (n) => `/models?page=${n + 1}`,
      () => ({ total: 3 }),
    ],
    [
      'offset',
      { type: 'offset', limit: 1, offset: 0, stop_after_empty_page: true },
      (n) => `/models?offset=${n}&limit=1`,
      () => ({ total: 3 }),
    ],
    [
      'cursor',
      { type: 'cursor', cursor_path: 'next', stop_after_empty_page: false },
      (n) => `/models${n === 0 ? '' : `?cursor=c${n}`}`,
      (n) => ({ next: n < 2 ? `c${n + 1}` : null }),
    ],
    [
      'json_link',
      { type: 'json_link', next_url_path: 'next' },
      (n) => `/models${n === 0 ? '' : `/${n}`}`,
      (n) => ({ next: n < 2 ? `/models/${n + 1}` : null }),
    ],
    [
      'auto',
      { type: 'auto' },
      (n) => `/models${n === 0 ? '' : `/${n}`}`,
      (n) => ({ next: n < 2 ? `/models/${n + 1}` : null }),
    ],
  ])('%s', async (_, paginator, url, more) => {
    await continuesAnywhere(resource({ paginator }), () => {
      for (const n of [0, 1, 2])
        nock(BASE)
          .get(url(n))
          .reply(200, { data: page(n), ...more(n) });
    });
  });

  it('header_link', async () => {
    await continuesAnywhere(resource({ paginator: { type: 'header_link', links_next_key: 'next' } }), () => {
      nock(BASE).get('/models').reply(200, page(1), { Link: '<?page=2>; rel=next' });
      nock(BASE).get('/models?page=2').reply(200, page(2));
    });
  });

  it('values, of which some are ignored', async () => {
    const params = { id: { type: 'values' as const, from: [{ list: ['a', 'b', 'c', 'd'] }] } };
    const response_actions = [{ status_code: 404, action: 'ignore' as const }];
    await continuesAnywhere(resource({ path: 'jobs/{id}', params, response_actions }), () => {
      for (const id of ['a', 'c', 'd']) nock(BASE).get(`/jobs/${id}`).reply(200, { id });
      nock(BASE).get('/jobs/b').reply(404);
    });
  });
});

describe('a continued resource', () => {
  it('goes on in its chains, which are no part of its position', async () => {
    const params = { id: { type: 'values' as const, from: [{ query: 'select id from jobs' }] } };
    const jobs = resource({ path: 'jobs/{id}', params });
    for (const id of ['a', 'b']) nock(BASE).get(`/jobs/${id}`).reply(200, { id });
    const { pages } = await collect(jobs, { queryIds: async () => ['a', 'b'] });
    expect(JSON.stringify(pages.map(({ position }) => position))).not.toMatch(/"[ab]"/);
    nock(BASE).get('/jobs/x').reply(200, { id: 'x' });
    const rest = await collect(jobs, { queryIds: async () => ['a', 'x'], position: kept(pages[0]?.position) });
    expect(rest.records).toEqual(page('x'));
  });

  it('stays with the fallback that answered, and says so again', async () => {
    const what = resource({
      data_selector: 'data',
      paginator: { type: 'json_link', next_url_path: 'next' },
      fallbacks: [{ path: 'info' }],
    });
    nock(BASE).get('/models').reply(404);
    nock(BASE)
      .get('/info')
      .reply(200, { data: page(1), next: '/info/2' });
    nock(BASE)
      .get('/info/2')
      .twice()
      .reply(200, { data: page(2) });
    const { pages, outcome } = await collect(what);
    const rest = await collect(what, { position: kept(pages[0]?.position) });
    expect(rest.records).toEqual(page(2));
    expect(rest.outcome?.notes).toEqual(outcome?.notes);
  });

  it('has nothing left after its last page', async () => {
    nock(BASE).get('/models').reply(200, page(1));
    const { pages } = await collect(resource());
    expect(await collect(resource(), { position: kept(pages[0]?.position) })).toMatchObject({
      pages: [],
      outcome: { status: 'extracted', records: 0, requests: 0 },
    });
  });

  it('starts anew from a position of another kind', async () => {
    nock(BASE).get('/models').reply(200, page(1));
    expect((await collect(resource(), { position: {} })).records).toEqual(page(1));
  });
});
