import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { key, smallProject } from '../support/project.ts';
import { sendJson, useServer } from '../support/server.ts';

const one = { paginator: 'single_page', data_selector: '$' };

test('a check asks once for what each resource begins with, says how that went, and writes nothing', async () => {
  const { url, asked } = await useServer(({ path, query }, response) => {
    response.setHeader('x-balance', '12.50');
    if (path === '/models') return { data: [{ id: `m-${query.get('page')}` }, { id: '\u001b[31mred' }] };
    if (path === '/models/m-1') return { id: 'm-1' };
    if (path === '/broken') return sendJson(response, 503, { title: 'down' });
    if (path === '/bill') return sendJson(response, 402, { title: `no credit for ${key}` });
    return undefined;
  });
  const resources = [
    {
      name: 'models',
      endpoint: { path: 'models', paginator: { type: 'page_number', base_page: 1, total_path: null } },
    },
    { name: 'details', endpoint: { path: 'models/{resources.models.id}', ...one } },
    { name: 'gone', endpoint: { path: 'gone', ...one, response_actions: [{ status_code: 404, action: 'ignore' }] } },
    { name: 'broken', endpoint: { path: 'broken', ...one } },
    { name: 'bill', endpoint: { path: 'bill', ...one } },
    { name: 'order', endpoint: { path: 'order', method: 'POST', ...one } },
    { name: 'search', endpoint: { path: 'gone', method: 'POST', idempotent: true, ...one } },
    { name: 'images', selected: false, endpoint: { path: 'images', method: 'POST', paid: true, ...one } },
    { name: 'jobs', endpoint: { path: 'jobs/{id}', params: { id: { type: 'values', from: [{ list: [] }] } } } },
    {
      name: 'polled',
      endpoint: { path: 'models/m-1', ...one, poll: { until: "status = 'done'", every: 1, timeout: 60 } },
    },
  ];
  const project = await smallProject(url, { resources, client: { balance_header: 'x-balance' } });
  const found = await project.run(['check']);
  expect(found.code).toBe(5);
  const shown = found.stdout
    .replace(/\d+(\.\d+)? m?s /g, 'TIME ')
    .split('\n')
    .map((line) => line.replace(/ {2,}/g, '  '));
  expect(shown).toEqual([
    'The source of small, each resource asked for its first page:',
    '  models  ok  GET /models?page=1 → 200  TIME  2 records  balance 12.5 usd',
    '  details  ok  GET /models/m-1 → 200  TIME  1 record  balance 12.5 usd',
    '  gone  ok  GET /gone → 404  TIME  0 records  balance 12.5 usd, the reply was ignored (404)',
    '  broken  failed  GET /broken → 503  TIME  balance 12.5 usd',
    '  bill  failed  GET /bill → 402  TIME  balance 12.5 usd',
    '  order  not asked  it may change something: a POST without `idempotent: true`',
    '  search  failed  POST /gone → 404  TIME  balance 12.5 usd',
    '  jobs  not asked  no values: looked at the list in the configuration (`endpoint.params.id.from`, which is empty)',
    '  polled  ok  GET /models/m-1 → 200  TIME  1 record  balance 12.5 usd',
    '',
  ]);
  expect(found.stderr).toContain('503');
  expect(found.stdout + found.stderr).not.toContain(key);
  expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /models',
    'GET /models/m-1',
    'GET /gone',
    'GET /broken',
    'GET /broken',
    'GET /bill',
    'POST /gone',
    'GET /models/m-1',
  ]);
  const bill = await project.run(['check', 'bill', 'images', '--format', 'json']);
  expect(bill.code).toBe(8);
  expect(JSON.parse(bill.stdout)).toMatchObject({
    pipeline: 'small',
    exitCode: 8,
    failure: { code: 'BudgetExhausted', hint: expect.any(String) },
    resources: [
      { name: 'bill', status: 'failed', httpStatus: 402, records: null, balance: 12.5, error: { exitCode: 8 } },
      { name: 'images', status: 'not_asked', request: null, notes: ['its replies cost money (`paid: true`)'] },
    ],
  });
  expect(await project.run(['check', 'models'], { SHOP_KEY: '' })).toMatchObject({ code: 2, stdout: '' });
  expect(await readdir(project.cwd)).toEqual(['pipeline.config.yaml']);
});
