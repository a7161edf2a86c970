import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { withIncremental } from '../../src/config/incremental-endpoint.ts';
import { settledStart } from '../../src/incremental/incremental-start.ts';
import { incrementalChains } from '../../src/incremental/placeholder-values.ts';
import { BASE, collect, type EndpointParts, NOW, resource } from './collect.ts';
import { useNock } from './http/nock-guard.ts';

useNock();

const records = (...times: (number | string)[]) => times.map((at) => ({ at }));
const paginator = { type: 'page_number', base_page: 1, total_path: null, stop_after_empty_page: true } as const;

type Incremental = NonNullable<EndpointParts['incremental']>;

/** Reads `/models` as a run does that begins with what was kept: `last_value`. */
async function read(endpoint: EndpointParts, incremental: Incremental, last_value?: number | string) {
  const stored =
    last_value === undefined
      ? undefined
      : { initial_value: null, last_value: JSON.stringify(last_value), unique_hashes: [] };
  const start = settledStart(incremental, { stored, now: NOW, isReset: false });
  const seeds = incrementalChains(incremental, start).map(({ values }) => ({ values }));
  const what = resource(withIncremental({ ...{ path: 'models', method: 'GET' as const }, ...endpoint, incremental }));
  return collect(what, { incremental: start, seeds: { seeds, sources: [] } });
}

describe('the values of a cursor', () => {
  it('stand wherever a placeholder names them, numbers as numbers where they are alone in JSON', async () => {
    const heard = nock(BASE, { reqheaders: { 'x-since': 'from 1767225600' } })
      .post('/v/1767225600/models?since=1767225600&q=at%3E1767225600&lag=60', {
        from: 1767225600,
        to: 1768478400,
        text: 'from 1767225600',
        graphql: 'query { a { b } }',
      })
      .reply(200, { data: records('2026-01-02T00:00:00Z') });
    const { outcome, error } = await read(
      {
        method: 'POST',
        path: 'v/{incremental.start_value}/models',
        params: {
          since: '{incremental.start_value}',
          q: 'at>{incremental.last_value}',
          lag: '{incremental.lag}',
        },
        json: {
          from: '{incremental.start_value}',
          to: '{incremental.end_value}',
          text: 'from {incremental.initial_value}',
          graphql: 'query { a { b } }',
        },
        headers: { 'X-Since': 'from {incremental.start_value}' },
        data_selector: 'data',
      },
      { cursor_path: 'at', initial_value: '2026-01-01', end_value: 'now', convert: 'unix', lag: 60 },
    );
    expect(error).toBeUndefined();
    expect(outcome).toMatchObject({ records: 1 });
    expect(heard.isDone()).toBe(true);
  });

  it('are left out of parameters where there are none yet, and null in JSON', async () => {
    const heard = nock(BASE).post('/models?a=1', { from: null }).reply(200, records('2026-01-02T00:00:00Z'));
    const json = { from: '{incremental.start_value}' };
    const { error } = await read(
      { method: 'POST', params: { a: 1, since: '{incremental.start_value}' }, json, data_selector: '$' },
      { cursor_path: 'at' },
    );
    expect(error).toBeUndefined();
    expect(heard.isDone()).toBe(true);
  });
});

describe('a list of an incremental resource', () => {
  const pages = (...lists: object[][]) => {
    const heard = lists.map((list, index) =>
      nock(BASE)
        .get('/models')
        .query({ since: /.*/, page: index + 1 })
        .optionally()
        .reply(200, list),
    );
    return () => heard.filter((scope) => scope.pendingMocks().length === 0).length;
  };
  const endpoint = { params: { since: '{incremental.start_value}' }, paginator, data_selector: '$' };

  it('that falls ends with the page that leads out of the range, of which everything new is kept', async () => {
    pages(records(9, 8), records(7, 4, 6), records(3), []);
    const {
      records: kept,
      outcome,
      pages: delivered,
    } = await read(endpoint, { cursor_path: 'at', row_order: 'desc' }, 5);
    expect(kept).toEqual(records(9, 8, 7, 6));
    expect(delivered).toHaveLength(2);
    expect(outcome).toMatchObject({ status: 'extracted', notes: [], reached: { last_value: '9' } });
  });

  it('that has no order is read to its end', async () => {
    pages(records(9), records(4), records(8), []);
    const { records: kept } = await read(endpoint, { cursor_path: 'at' }, 5);
    expect(kept).toEqual(records(9, 8));
  });

  it.each([
    [undefined, '5', 'the next run begins where this one did'],
    ['asc', '7', ''],
  ] as const)('that was cut off (row_order: %s) lets the next run begin with %s', async (row_order, last, note) => {
    pages(records(6), records(7), records(8));
    const limited = { ...endpoint, paginator: { ...paginator, maximum_pages: 2 } };
    const { outcome } = await read(limited, { cursor_path: 'at', row_order }, 5);
    expect(outcome?.reached?.last_value).toBe(last);
    expect(outcome?.notes.join()).toContain(note);
    expect(outcome?.notes.length).toBe(note === '' ? 1 : 2);
  });

  it('to which nothing says where to begin is noted, and told apart from one without records', async () => {
    nock(BASE).get('/models').reply(200, records(4));
    const { outcome } = await read({ data_selector: '$' }, { cursor_path: 'at' }, 5);
    expect(outcome?.notes).toEqual([
      'every run reads the whole list, because nothing sends `{incremental.start_value}` or has it as `start_param`',
      'no new records',
    ]);
  });

  it('with a value that cannot be compared is an error that names both', async () => {
    nock(BASE).get('/models').reply(200, records('2026-01-02'));
    const { error, pages: delivered } = await read({ data_selector: '$' }, { cursor_path: 'at' }, 5);
    expect(error).toMatchObject({
      code: 'CursorUnusable',
      message: 'The cursor `at` cannot be compared: "2026-01-02" (text) with 5 (a number).',
    });
    expect(delivered).toEqual([]);
  });
});
