import nock from 'nock';
import { describe, expect, it } from 'vitest';
import type { ResponseAction } from '../../../src/config/grammar/response-action-schema.ts';
import { BASE, collect, effectsNoting, KEY, NOW, resource } from '../collect.ts';
import { useNock } from '../http/nock-guard.ts';

useNock();

const json = { 'content-type': 'application/json' };
const ids = (...list: string[]) => ({ id: { type: 'values' as const, from: [{ list }] } });

async function afterReply(rules: readonly ResponseAction[], status: number, body: unknown) {
  nock(BASE).get('/models').reply(status, JSON.stringify(body), json);
  return collect(resource({ response_actions: [...rules] }));
}

describe('a rule on replies', () => {
  const error = { error: { code: 'GONE', retryable: false, at: null, number: 7 } };
  it.each<[string, Omit<ResponseAction, 'action'>, number, boolean]>([
    ['holds for its status', { status_code: 404 }, 404, true],
    ['and no other', { status_code: 404 }, 410, false],
    ['for one of several', { status_code: [404, 410] }, 410, true],
    ['for a class', { status_code: '4xx' }, 410, true],
    ['which another class is not', { status_code: ['5xx', 404] }, 410, false],
    ['for a text in the reply', { content: 'GONE' }, 400, true],
    ['for a value at a path', { json_path: 'error.code', equals: 'GONE' }, 400, true],
    ['for one of several values', { json_path: 'error.code', equals: ['HERE', 'GONE'] }, 400, true],
    ['whatever its type', { json_path: 'error.number', equals: '7' }, 400, true],
    ['but not for another', { json_path: 'error.code', equals: 'HERE' }, 400, false],
    ['for a value that is there', { json_path: 'error.retryable' }, 400, true],
    ['which null is not', { json_path: 'error.at' }, 400, false],
    ['unless null is asked for', { json_path: 'error.at', equals: null }, 400, true],
    ['for any match', { json_path: '$.error.*', equals: 'GONE' }, 400, true],
    ['only where all its conditions hold', { status_code: 404, content: 'GONE' }, 400, false],
    ['which may be three', { status_code: '4xx', content: 'GONE', json_path: 'error.code' }, 400, true],
  ])('%s', async (_, conditions, status, holds) => {
    const { outcome, error: thrown } = await afterReply([{ ...conditions, action: 'ignore' }], status, error);
    expect(outcome?.status).toBe(holds ? 'ignored' : undefined);
    expect(thrown === undefined).toBe(holds);
  });

  it('that comes first decides', async () => {
    const rules = [
      { status_code: 404, content: 'moved', action: 'fail' },
      { status_code: '4xx', action: 'ignore' },
      { status_code: 404, action: 'fail' },
    ] satisfies ResponseAction[];
    expect((await afterReply(rules, 404, {})).outcome?.status).toBe('ignored');
  });

  it('of a reply that is no JSON holds by what it does not need JSON for', async () => {
    nock(BASE).get('/models').reply(500, '<html>down for maintenance</html>');
    const rules: ResponseAction[] = [
      { json_path: 'error', action: 'fail' },
      { content: 'maintenance', action: 'ignore' },
    ];
    const { outcome, traces } = await collect(resource({ response_actions: rules }));
    expect(outcome).toMatchObject({ status: 'ignored', requests: 1 });
    expect(traces).toMatchObject([{ attempts: 1, status: 500 }]);
  });
});

describe('fail', () => {
  it.each<[Pick<ResponseAction, 'as'>, number, number]>([
    [{ as: 'refused' }, 400, 4],
    [{ as: 'unavailable' }, 403, 5],
    [{ as: 'budget' }, 200, 8],
    [{}, 200, 5],
    [{}, 401, 4],
    [{}, 402, 8],
    [{}, 503, 5],
  ])('%j at status %i ends with exit %i', async (as, status, exitCode) => {
    const rule = { ...as, json_path: 'errors', action: 'fail', message: 'No quota' } satisfies ResponseAction;
    const { error, slept } = await afterReply([rule], status, { errors: [{ message: `used up by ${KEY}` }] });
    expect(error).toMatchObject({ exitCode, message: `No quota (GET /models, status ${status}): used up by ***` });
    expect(slept).toEqual([]);
  });

  it('says what was answered where it has no message', async () => {
    const { error } = await afterReply([{ json_path: 'ok', equals: false, action: 'fail' }], 200, {
      ok: false,
      errors: [{ detail: 'invalid_auth' }],
    });
    expect(error).toMatchObject({
      code: 'ReplyUnusable',
      message: '`response_actions` call the reply to GET /models a failure (GET /models, status 200): invalid_auth',
    });
  });
});

describe('retry', () => {
  const again = (rest: Partial<ResponseAction> = {}): ResponseAction[] => [
    { json_path: 'status', equals: 'running', action: 'retry', ...rest },
  ];
  const running = { status: 'running' };

  it.each<[string, Partial<ResponseAction>, Record<string, string>, number]>([
    ['the wait of the rule', { wait: 7000 }, {}, 7000],
    ['Retry-After before that', { wait: 7000 }, { 'retry-after': '3' }, 3000],
    ['the backoff of the client without either', {}, {}, 750],
  ])('asks again after %s', async (_, rest, headers, wait) => {
    nock(BASE).get('/models').twice().reply(200, running, headers);
    nock(BASE)
      .get('/models')
      .reply(200, [{ id: 1 }]);
    const slept: number[] = [];
    const client = {
      base_url: `${BASE}/`,
      headers: {},
      timeout: 300_000,
      retry: { attempts: 3, backoff: 1000, max_delay: 60_000 },
      max_response_bytes: 1_000_000,
      concurrency: 1,
    };
    const { records } = await collect(resource({ response_actions: again(rest) }), {
      client,
      effects: effectsNoting(slept),
    });
    expect(records).toEqual([{ id: 1 }]);
    expect(slept).toEqual([wait, rest.wait === undefined && headers['retry-after'] === undefined ? 1500 : wait]);
  });

  it('ends after its own attempts, which those of other failures do not use up', async () => {
    nock(BASE).get('/models').times(3).reply(503);
    nock(BASE).get('/models').times(5).reply(200, running);
    const rules = again({ attempts: 5 });
    const { error, traces } = await collect(resource({ response_actions: rules }), {
      client: {
        base_url: `${BASE}/`,
        headers: {},
        timeout: 300_000,
        retry: { attempts: 4, backoff: 0, max_delay: 0 },
        max_response_bytes: 1000,
        concurrency: 1,
      },
    });
    expect(error).toMatchObject({
      code: 'SourceUnavailable',
      message:
        'GET /models was sent 8 times, and still gets a reply that `response_actions` say to ask for again (status 200).',
      hint: expect.stringContaining('`attempts` of that rule'),
    });
    expect(traces).toMatchObject([{ attempts: 8 }]);
  });

  it('of a status that is an error ends with that error', async () => {
    nock(BASE)
      .get('/models')
      .times(2)
      .reply(409, { errors: [{ message: 'locked' }] });
    const rules: ResponseAction[] = [{ status_code: 409, action: 'retry', attempts: 2 }];
    const { error } = await collect(resource({ response_actions: rules }));
    expect(error).toMatchObject({ code: 'ReplyUnusable', message: expect.stringContaining('409: locked') });
  });

  it('never sends a POST again, but where the source says that nothing was done', async () => {
    nock(BASE).post('/models').reply(200, running);
    const post = resource({ method: 'POST', json: {}, response_actions: again() });
    const { error } = await collect(post);
    expect(error).toMatchObject({
      message: expect.stringContaining('was sent once'),
      hint: expect.stringContaining('A POST is sent once'),
    });
    nock(BASE).post('/models').reply(429, running, { 'retry-after': '1' });
    nock(BASE).post('/models').reply(200, { id: 1 });
    expect((await collect(post)).records).toEqual([{ id: 1 }]);
  });

  it('does not wait longer than the client may', async () => {
    const at = new Date(NOW + 3_600_000).toUTCString();
    nock(BASE).get('/models').reply(200, running, { 'retry-after': at });
    const { error, slept } = await collect(resource({ response_actions: again() }));
    expect(error).toMatchObject({ code: 'SourceUnavailable' });
    expect(slept).toEqual([]);
  });
});

describe('stop', () => {
  const stop: ResponseAction[] = [{ status_code: 429, action: 'stop' }];
  const paged = { type: 'page_number', base_page: 1, total_path: null, stop_after_empty_page: true } as const;

  it('ends the resource: no other id is asked for', async () => {
    nock(BASE).get('/models/a').reply(200, { id: 'a' });
    nock(BASE).get('/models/b').reply(429);
    const of = resource({ path: 'models/{id}', params: ids('a', 'b', 'c', 'd'), response_actions: stop });
    const { records, outcome, error } = await collect(of);
    expect(error).toBeUndefined();
    expect(records).toEqual([{ id: 'a' }]);
    expect(outcome).toMatchObject({
      status: 'extracted',
      notes: ['`response_actions` stopped it at GET /models/b (429), 3 of 4 ids were not read'],
    });
  });

  it('at the first reply leaves the table as it was', async () => {
    nock(BASE).get('/models').reply(429);
    const what = { ...resource({ response_actions: stop }), write_disposition: { disposition: 'replace' as const } };
    expect((await collect(what)).outcome).toMatchObject({ status: 'ignored' });
  });

  it.each<[string, object, boolean]>([
    ['is the end of a list whose pages are counted', { paginator: paged }, false],
    ['is an error where the page before led on', { paginator: { type: 'json_link', next_url_path: 'next' } }, true],
    ['is an error where the page before had more pages', { paginator: { ...paged, total_path: 'pages' } }, true],
  ])('%s, with replace', async (_, parts, isError) => {
    const [total, next] = [{ pages: 2 }, { next: '/models?page=2' }];
    const beside = 'paginator' in parts && JSON.stringify(parts).includes('json_link') ? next : isError ? total : {};
    nock(BASE)
      .get('/models')
      .query(true)
      .reply(200, { data: [{ id: 1 }], ...beside });
    nock(BASE).get('/models').query({ page: 2 }).reply(429);
    const what = resource({ ...parts, data_selector: 'data', response_actions: stop });
    const { error, records } = await collect({ ...what, write_disposition: { disposition: 'replace' } });
    expect(records).toEqual([{ id: 1 }]);
    if (!isError) expect(error).toBeUndefined();
    else
      expect(error).toMatchObject({
        code: 'ListIncomplete',
        message:
          '`models`: `response_actions` stopped it at GET /models?page=2 (429); `replace` would remove the rows that were not read.',
      });
  });

  it('is an error with replace where ids were not read', async () => {
    nock(BASE).get('/models/a').reply(200, { id: 'a' });
    nock(BASE).get('/models/b').reply(429);
    const what = resource({ path: 'models/{id}', params: ids('a', 'b'), response_actions: stop });
    const { error } = await collect({ ...what, write_disposition: { disposition: 'replace' } });
    expect(error).toMatchObject({ code: 'ListIncomplete', message: expect.stringContaining('1 of 2 ids') });
  });
});

describe('stop, of a resource that loads what is new', () => {
  const start = {
    cursor_path: 'at',
    initial_value: null,
    last_value: null,
    unique_hashes: [],
    start_value: null,
    end_value: null,
    now: NOW,
    isStateless: false,
    isReset: false,
  };
  it.each<[string, object, string | null | undefined]>([
    ['goes on from what was read in order', {}, '5'],
    ['begins anew where other ids were not read', { path: 'models/{id}', params: ids('1', '2') }, null],
  ])('%s', async (_, parts, reached) => {
    const isOfIds = 'params' in parts;
    nock(BASE)
      .get(isOfIds ? '/models/1' : '/models?page=0')
      .reply(200, { data: [{ id: 1, at: 5 }] });
    nock(BASE)
      .get(isOfIds ? '/models/2' : '/models?page=1')
      .reply(429);
    const paginator = { type: 'page_number', base_page: 0, total_path: null, stop_after_empty_page: true } as const;
    const incremental = { cursor_path: 'at', row_order: 'asc' } as const;
    const rules: ResponseAction[] = [{ status_code: 429, action: 'stop' }];
    const endpoint = { ...parts, data_selector: 'data', incremental, response_actions: rules };
    const what = resource(isOfIds ? endpoint : { ...endpoint, paginator });
    const { outcome, error } = await collect(what, { incremental: start });
    expect(error).toBeUndefined();
    expect(outcome?.reached?.last_value).toBe(reached);
  });
});

describe('without a rule', () => {
  it('204 is no rows', async () => {
    nock(BASE).get('/models').reply(204);
    expect((await collect(resource())).outcome).toMatchObject({ status: 'ignored', notes: ['the reply was empty'] });
  });

  it.each<[string, unknown]>([
    ['no data', { errors: [{ message: 'Cannot query field `nme`' }, { message: 'twice' }] }],
    ['null as its data', { data: null, errors: [{ message: 'Cannot query field `nme`' }, { message: 'twice' }] }],
    ['nothing in its data', { data: { a: null }, errors: [{ message: 'Cannot query field `nme`: twice' }] }],
  ])('GraphQL errors with %s are an error that quotes them', async (_, body) => {
    nock(BASE).post('/models').reply(200, JSON.stringify(body));
    const { error } = await collect(resource({ method: 'POST', json: { query: '{ nme }' }, allow_empty: true }));
    expect(error).toMatchObject({
      code: 'ReplyUnusable',
      message: 'POST /models was answered with GraphQL errors and no data: Cannot query field `nme`: twice',
    });
  });

  it('GraphQL errors beside data are a warning, and counted', async () => {
    const body = (id: number) => ({ data: { models: [{ id }] }, errors: [{ message: 'one is hidden' }] });
    nock(BASE).post('/models/a').reply(200, body(1));
    nock(BASE).post('/models/b').reply(200, body(2));
    const endpoint = { path: 'models/{id}', params: ids('a', 'b'), method: 'POST' as const, json: {} };
    const { outcome, records, masked } = await collect(resource({ ...endpoint, data_selector: 'data.models' }));
    expect(records).toHaveLength(2);
    expect(outcome?.notes).toEqual(['GraphQL errors beside the data: one is hidden']);
    expect(masked).toBe(2); // what is counted in all
  });

  it('errors that are what is selected are records', async () => {
    nock(BASE)
      .get('/models')
      .reply(200, { errors: [{ message: 'x' }] });
    expect((await collect(resource({ data_selector: 'errors' }))).records).toEqual([{ message: 'x' }]);
  });
});
