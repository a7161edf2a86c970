import { describe, expect, it } from 'vitest';
import type { ResolvedResource } from '../../src/config/pipeline-config.ts';
import type { HttpReply, HttpRequest } from '../../src/extract/http/transport.ts';
import { lookaheadFor } from '../../src/extract/lookahead.ts';
import { type Collected, type ContextParts, collect, effectsNoting, resource } from './collect.ts';

const tick = () => new Promise((resolve) => setImmediate(resolve));

interface Source {
  /** Answers after some turns of the event loop, later requests sooner than earlier ones. */
  transport(request: HttpRequest): Promise<HttpReply>;
  /** Path and parameters, in the order of asking. */
  readonly asked: string[];
  most: number;
}

type Answer = (url: URL, body: string | undefined) => { readonly status?: number; readonly body: unknown };

function source(answer: Answer): Source {
  let underWay = 0;
  const asked: string[] = [];
  const result: Source = {
    asked,
    most: 0,
    async transport({ url, body, signal }) {
      const { pathname, search } = new URL(url);
      asked.push(pathname + search);
      underWay += 1;
      result.most = Math.max(result.most, underWay);
      for (let turns = 12 - (asked.length % 7); turns > 0; turns -= 1) await tick();
      underWay -= 1;
      signal?.throwIfAborted();
      const reply = answer(new URL(url), body?.toString());
      return { status: reply.status ?? 200, headers: new Headers(), body: Buffer.from(JSON.stringify(reply.body)) };
    },
  };
  return result;
}

/** Runs a resource with so many requests at once. */
async function run(
  what: ResolvedResource,
  concurrency: number,
  answer: Answer,
  parts: ContextParts = {},
): Promise<Collected & { source: Source }> {
  const asked = source(answer);
  const lookahead = lookaheadFor({ concurrency }, effectsNoting([]));
  return { ...(await collect(what, { lookahead, transport: asked.transport, ...parts })), source: asked };
}

const ids = Array.from({ length: 30 }, (_, index) => `id${index}`);
const values = { id: { type: 'values' as const, from: [{ list: ids }] } };
const jobs = (parts: Partial<ResolvedResource> = {}) => ({
  ...resource({ path: 'jobs/{id}', params: values, data_selector: '$' }, 'jobs'),
  ...parts,
});
const job: Answer = (url) => ({ body: { id: url.pathname.slice('/jobs/'.length) } });

const pages = 25;
const numbered = { type: 'page_number', base_page: 1, total_path: 'pages', stop_after_empty_page: true } as const;
const list = resource({ paginator: numbered, data_selector: 'data' });
const pageOf = (url: URL) => {
  const number = Number(url.searchParams.get('page'));
  return { pages, data: number > pages ? [] : [{ number }] };
};
const page: Answer = (url) => ({ body: pageOf(url) });
const numbers = Array.from({ length: pages }, (_, index) => ({ number: index + 1 }));

describe('chains of values', () => {
  it.each([1, 2, 8, 40])('at most %i are asked for at once, all come in order, each once', async (concurrency) => {
    const { records, error, outcome, source } = await run(jobs(), concurrency, job);
    expect(error).toBeUndefined();
    expect(records).toEqual(ids.map((id) => ({ id })));
    expect(source.most).toBe(Math.min(concurrency, ids.length));
    expect([...source.asked].sort()).toEqual(ids.map((id) => `/jobs/${id}`).sort());
    expect(outcome).toMatchObject({ status: 'extracted', records: 30, requests: 30 });
  });

  it('give the same positions and notes as one at a time', async () => {
    const some: Answer = (url) => (url.pathname.endsWith('3') ? { status: 404, body: {} } : job(url, undefined));
    const ignoring = jobs();
    const endpoint = { ...ignoring.endpoint, response_actions: [{ status_code: 404, action: 'ignore' as const }] };
    const what = { ...ignoring, endpoint } as ResolvedResource;
    const [one, many] = [await run(what, 1, some), await run(what, 8, some)];
    expect(many.pages).toEqual(one.pages);
    expect(many.outcome).toEqual(one.outcome);
    expect(one.outcome?.notes).toEqual(['3 of 30 ids were ignored (404)']);
  });

  it('the first that fails, in their order, ends the resource; what was read before it stays', async () => {
    const failing: Answer = (url) =>
      /id(5|6|7)$/.test(url.pathname) ? { status: 400, body: { error: url.pathname } } : job(url, undefined);
    const { records, error } = await run(jobs(), 8, failing);
    expect(records).toEqual(ids.slice(0, 5).map((id) => ({ id })));
    expect(String(error)).toContain('/jobs/id5');
  });

  it('go on in the middle', async () => {
    const before = await run(jobs(), 8, job);
    const position = before.pages[11]?.position;
    const { records, source } = await run(jobs(), 8, job, { position });
    expect(records).toEqual(ids.slice(12).map((id) => ({ id })));
    expect(source.asked).toHaveLength(18);
  });

  it.each([
    ['false', false, 1],
    ['3', 3, 3],
    ['true', true, 8],
  ])('with `parallelized: %s` of 8 slots', async (_, parallelized, most) => {
    const { records, source } = await run(jobs({ parallelized }), 8, job);
    expect(records).toHaveLength(30);
    expect(source.most).toBe(most);
  });

  it('of several pages each are read two pages ahead', async () => {
    const paginator = {
      type: 'cursor',
      cursor_path: 'next',
      cursor_param: 'after',
      stop_after_empty_page: false,
    } as const;
    const what = resource({ path: 'jobs/{id}', params: values, data_selector: 'data', paginator }, 'jobs');
    const three: Answer = (url) => {
      const at = Number(url.searchParams.get('after') ?? 0);
      return { body: { data: [{ path: url.pathname, at }], next: at < 2 ? String(at + 1) : null } };
    };
    const { records, source, error } = await run(what, 4, three);
    expect(error).toBeUndefined();
    expect(records).toEqual(ids.flatMap((id) => [0, 1, 2].map((at) => ({ path: `/jobs/${id}`, at }))));
    expect(source.asked).toHaveLength(90);
    expect(source.most).toBe(4);
  });

  it('a POST is sent after the one before it, with as many slots as there may be', async () => {
    const what = resource({ path: 'jobs/{id}', method: 'POST', params: values, data_selector: '$', json: {} }, 'jobs');
    const { source, records } = await run(what, 8, job);
    expect(records).toHaveLength(30);
    expect(source.most).toBe(1);
  });

  it('are begun when it is known which endpoint answers', async () => {
    const what = jobs();
    const endpoint = { ...what.endpoint, fallbacks: [{ path: 'old/{id}' }] };
    const old: Answer = (url) =>
      url.pathname.startsWith('/old') ? { body: { at: url.pathname } } : { status: 404, body: {} };
    const { records, source, outcome } = await run({ ...what, endpoint } as ResolvedResource, 8, old);
    expect(records).toEqual(ids.map((id) => ({ at: `/old/${id}` })));
    expect(source.asked.filter((path) => path.startsWith('/jobs'))).toEqual(['/jobs/id0']);
    expect(source.most).toBe(8);
    expect(outcome?.notes).toEqual(['`old/{id}` answered instead of `jobs/{id}` (404)']);
  });

  it('what was asked for ahead is given up where nobody reads on', async () => {
    const stop = new AbortController();
    const asked = source(job);
    const signals: (AbortSignal | undefined)[] = [];
    const lookahead = lookaheadFor({ concurrency: 8 }, effectsNoting([]));
    const { error } = await collect(jobs(), {
      lookahead,
      signal: stop.signal,
      transport: async (request) => {
        signals.push(request.signal);
        if (signals.length === 8) stop.abort();
        return asked.transport(request);
      },
    });
    expect(error).toMatchObject({ code: 'Interrupted' });
    expect(signals.every((signal) => signal?.aborted)).toBe(true);
    expect(lookahead.chains.left).toBe(7);
  });
});

describe('pages of a list whose length is known', () => {
  it.each([1, 2, 8, 40])('at most %i are asked for at once, all come in order, each once', async (concurrency) => {
    const { records, source, error } = await run(list, concurrency, page);
    expect(error).toBeUndefined();
    expect(records).toEqual(numbers);
    expect(source.most).toBe(Math.min(concurrency, pages - 1));
    expect(source.asked).toHaveLength(pages);
  });

  it('are those of `offset` too', async () => {
    const paginator = {
      type: 'offset',
      limit: 2,
      offset: 0,
      total_path: 'total',
      stop_after_empty_page: true,
    } as const;
    const items: Answer = (url) => {
      const at = Number(url.searchParams.get('offset'));
      return { body: { total: 41, data: [at, at + 1].filter((n) => n < 41).map((n) => ({ n })) } };
    };
    const { records, source } = await run(resource({ paginator, data_selector: 'data' }), 8, items);
    expect(records).toEqual(Array.from({ length: 41 }, (_, n) => ({ n })));
    expect(source.asked).toHaveLength(21);
    expect(source.most).toBe(8);
  });

  it('are not asked for beyond `maximum_pages`', async () => {
    const what = resource({ paginator: { ...numbered, maximum_pages: 6 }, data_selector: 'data' });
    const { records, source } = await run(what, 8, page);
    expect(records).toEqual(numbers.slice(0, 6));
    expect(source.asked).toHaveLength(6);
  });

  it.each([
    [false, 1],
    [3, 3],
    [true, 8],
  ])('with `parallelized: %s` at most %i of 8 slots', async (parallelized, most) => {
    const { records, source } = await run({ ...list, parallelized }, 8, page);
    expect(records).toEqual(numbers);
    expect(source.most).toBe(most);
  });

  it.each([
    [100_000, 8],
    [400_000, 3],
    [1_100_000, 1],
  ])('of %i bytes: so many beyond the next one as make a megabyte, %i requests of 8 slots', async (bytes, most) => {
    const padding = ' '.repeat(bytes);
    const large: Answer = (url) => ({ body: { ...pageOf(url), padding } });
    const { records, source } = await run(list, 8, large);
    expect(records).toEqual(numbers);
    expect(source.most).toBe(most);
  });

  it('may be as many as there are slots without a warning of listeners', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    const asked = source(page);
    const transport = (request: HttpRequest) => {
      request.signal?.addEventListener('abort', () => {}, { once: true });
      return asked.transport(request);
    };
    const lookahead = lookaheadFor({ concurrency: 100 }, effectsNoting([]));
    await collect(list, { lookahead, transport });
    process.off('warning', note);
    expect(asked.most).toBe(pages - 1);
    expect(warnings).toEqual([]);
  });

  it('a list that ends earlier than its total said ends there', async () => {
    const shorter: Answer = (url) =>
      Number(url.searchParams.get('page')) > 10 ? { body: { pages, data: [] } } : page(url, undefined);
    const { records, outcome } = await run(list, 8, shorter);
    expect(records).toEqual(numbers.slice(0, 10));
    expect(outcome).toMatchObject({ status: 'extracted', records: 10 });
  });

  it('the first that fails ends the list after those before it', async () => {
    const failing: Answer = (url) =>
      Number(url.searchParams.get('page')) === 7 ? { status: 400, body: {} } : page(url, undefined);
    const { records, error } = await run(list, 8, failing);
    expect(records).toEqual(numbers.slice(0, 6));
    expect(error).toMatchObject({ code: 'ReplyUnusable' });
  });

  it('give back what they took when they end', async () => {
    const lookahead = lookaheadFor({ concurrency: 8 }, effectsNoting([]));
    for (const status of [200, 400]) {
      const answer: Answer = (url) => ({ ...page(url, undefined), ...(url.search.endsWith('9') && { status }) });
      await run(list, 8, answer, { lookahead });
    }
    expect([lookahead.pages.left, lookahead.chains.left]).toEqual([7, 7]);
  });
});
