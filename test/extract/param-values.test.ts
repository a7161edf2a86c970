import nock from 'nock';
import { describe, expect, it } from 'vitest';
import type { ValueSource } from '../../src/config/grammar/resource-schema.ts';
import { PipelineError } from '../../src/errors.ts';
import { resolveValues } from '../../src/extract/param-values.ts';
import { BASE, collect, type EndpointParts, resource } from './collect.ts';
import { useNock } from './http/nock-guard.ts';

useNock();

const ignore404 = [{ status_code: 404, action: 'ignore' as const }];

function jobs(from: ValueSource[], more: EndpointParts = {}) {
  const params = { id: { type: 'values' as const, from } };
  return resource({ path: 'jobs/{id}', params, data_selector: '$', ...more }, 'jobs');
}

function answerJobs(...ids: string[]): void {
  for (const id of ids)
    nock(BASE)
      .get(`/jobs/${encodeURIComponent(id)}`)
      .reply(200, { id });
}

describe('a parameter with values', () => {
  it('are whole characters, half of a pair becomes U+FFFD', async () => {
    const params = { id: { type: 'values' as const, from: [{ list: ['a\ud800', '\udc00', '\ud801'] }] } };
    const { seeds } = await resolveValues(
      { path: '{id}', params },
      { env: {}, queryIds: async () => [], queryRows: async () => [] },
    );
    expect(seeds.map(({ values }) => values)).toEqual([{ id: 'a\ufffd' }, { id: '\ufffd' }]);
  });

  it('asks once for each value of list, environment and query, in this order, duplicates dropped', async () => {
    answerJobs('a', '7', 'b c', 'q/1');
    const from = [{ list: ['a', 7] }, { env: 'DEZGO_JOB_IDS' }, { query: 'select id' }];
    const asked: string[] = [];
    const { records, outcome } = await collect(jobs(from), {
      env: { DEZGO_JOB_IDS: ' a , b c,, 7' },
      queryIds: async (sql) => {
        asked.push(sql);
        return ['q/1', 'a', 7];
      },
    });
    expect(records).toEqual([{ id: 'a' }, { id: '7' }, { id: 'b c' }, { id: 'q/1' }]);
    expect(outcome).toEqual({
      status: 'extracted',
      records: 4,
      requests: 4,
      notes: [],
      partOf: '`id` stands for values that were looked up',
    });
    expect(asked).toEqual(['select id']);
  });

  it('without any value skips the resource, and names where it looked', async () => {
    const from = [{ list: [] }, { env: 'DEZGO_JOB_IDS' }, { query: 'select id from jobs' }];
    expect((await collect(jobs(from))).outcome).toEqual({
      status: 'skipped',
      records: 0,
      requests: 0,
      notes: [
        'no ids: looked at the list in the configuration (`endpoint.params.id.from`, which is empty), environment DEZGO_JOB_IDS, query `select id from jobs`',
      ],
    });
  });

  it('counts the ids that are ignored', async () => {
    answerJobs('a', 'c');
    for (const id of ['b', 'd']) nock(BASE).get(`/jobs/${id}`).reply(404);
    const { records, outcome } = await collect(jobs([{ list: ['a', 'b', 'c', 'd'] }], { response_actions: ignore404 }));
    expect(records).toEqual([{ id: 'a' }, { id: 'c' }]);
    expect(outcome).toMatchObject({ status: 'extracted', notes: ['2 of 4 ids were ignored (404)'] });
  });

  it('is ignored as a whole where every id is', async () => {
    for (const id of ['a', 'b']) nock(BASE).get(`/jobs/${id}`).reply(404);
    const { outcome } = await collect(jobs([{ list: ['a', 'b'] }], { response_actions: ignore404 }));
    expect(outcome).toMatchObject({ status: 'ignored', records: 0, notes: ['2 of 2 ids were ignored (404)'] });
  });

  it('fails at an id that is not found where nothing says to ignore it', async () => {
    answerJobs('a');
    nock(BASE).get('/jobs/b').reply(404);
    const { error, records } = await collect(jobs([{ list: ['a', 'b'] }]));
    expect(error).toMatchObject({ code: 'ReplyUnusable', message: 'GET /jobs/b was not found (404)' });
    expect(records).toEqual([{ id: 'a' }]);
  });

  it('can stand in the query, and beside another one', async () => {
    for (const query of ['a=1&b=x', 'a=1&b=y', 'a=2&b=x', 'a=2&b=y'])
      nock(BASE).get(`/models?${query}`).reply(200, [{ query }]);
    const values = (...list: (string | number)[]) => ({ type: 'values' as const, from: [{ list }] });
    const params = { one: values(1, 2), other: values('x', 'y'), a: '{one}', b: '{other}' };
    const { records } = await collect(resource({ params }));
    expect(records).toHaveLength(4);
  });

  it('lets an error of the query through', async () => {
    const failure = new PipelineError({ code: 'DestinationUnreadable', message: 'no', hint: 'no' });
    const params = { id: { type: 'values' as const, from: [{ query: 'select' }] } };
    const places = { env: {}, queryIds: () => Promise.reject(failure), queryRows: () => Promise.reject(failure) };
    await expect(resolveValues({ path: '{id}', params }, places)).rejects.toBe(failure);
  });

  it.each(['..', '.'])('refuses the value %j, which would lead elsewhere', async (id) => {
    expect((await collect(jobs([{ list: [id] }]))).error).toMatchObject({ code: 'ConfigInvalid' });
  });

  it('keeps the fallback that answered for all ids', async () => {
    nock(BASE).get('/jobs/a').reply(404);
    nock(BASE).get('/job/a').reply(200, { id: 'a' });
    nock(BASE).get('/job/b').reply(200, { id: 'b' });
    const { records, outcome } = await collect(jobs([{ list: ['a', 'b'] }], { fallbacks: [{ path: 'job/{id}' }] }));
    expect(records).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect(outcome?.notes).toEqual(['`job/{id}` answered instead of `jobs/{id}` (404)']);
  });
});
