import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { smallConfig, smallProject, writeConfig } from '../support/project.ts';
import { useServer } from '../support/server.ts';

const values = (from: object) => ({ id: { type: 'values', from: [from] } });

test('a plan says what a run would ask for and what that would cost; it sends nothing and writes nothing', async () => {
  const { url, asked } = await useServer(() => ({ data: [{ id: 1 }] }));
  const single = { paginator: 'single_page', data_selector: '$' };
  const resources = [
    { name: 'models', endpoint: { path: 'models', params: { limit: 5 } } },
    { name: 'details', endpoint: { path: 'models/{resources.models.id}', ...single } },
    {
      name: 'images',
      endpoint: {
        path: 'images/{id}',
        method: 'POST',
        paid: true,
        cost: 'id::int * 0.1',
        params: values({ list: [1, 2, 3] }),
        ...single,
      },
    },
    {
      name: 'videos',
      endpoint: { path: 'videos/{id}', paid: true, params: values({ query: 'select id from images' }), ...single },
    },
  ];
  const project = await smallProject(url, { resources, pipeline: { max_cost: 0.5 } });
  const plan = await project.run(['plan']);
  expect(plan).toMatchObject({ code: 0, stderr: '' });
  expect(plan.stdout.split('\n')).toEqual([
    'A run of small would ask for:',
    `  models   GET ${url}/models?limit=5                1 request or more, as pages follow`,
    `  details  GET ${url}/models/{resources.models.id}  a request for each record of models`,
    '',
    'It would change, as far as that is known before a record came:',
    '  models   new table',
    '  details  new table',
    '',
  ]);
  const paid = await project.run(['plan', 'images']);
  expect(paid.stdout.split('\n').slice(1)).toEqual([
    `  images  POST ${url}/images/{id}  3 requests  paid, 0.6 usd`,
    '',
    'It would change, as far as that is known before a record came:',
    '  images  new table',
    '',
    'What it would cost: 0.6 usd',
    'At most (max_cost): 0.5 usd: it would stop before that, with exit code 8',
    '',
  ]);
  const both = await project.run(['plan', 'videos', 'images', '--max-cost', '3', '--format', 'json']);
  expect(JSON.parse(both.stdout)).toMatchObject({
    currency: 'usd',
    maxCost: 3,
    cost: 0.6,
    resources: [
      { name: 'images', method: 'POST', url: `${url}/images/{id}`, requests: 3, isPaid: true, cost: 0.6 },
      { name: 'videos', requests: 0, cost: 0, sources: [expect.stringContaining('select id from images')] },
    ],
  });
  expect(asked).toEqual([]);
  expect(await readdir(project.cwd)).toEqual(['pipeline.config.yaml']);
  expect(await project.run(['plan', 'other'])).toMatchObject({ code: 2 });
});

test('a plan names parameters, where incremental resources begin, how many parents there are, and what changes in the tables', async () => {
  const { url, asked } = await useServer(({ path, query }) => {
    if (path === '/models')
      return query.get('offset') !== '0'
        ? []
        : [
            { id: 1, at: 5, price: 1 },
            { id: 2, at: 9, price: 2 },
          ];
    return path === '/events' ? [{ id: 1, at: '2024-05-06' }] : { ok: true };
  });
  const events = { cursor_path: 'at', initial_value: '2024-01-01' };
  const models = {
    name: 'models',
    endpoint: { path: 'models', paginator: { type: 'offset', limit: 50, total_path: null } },
  };
  const resources = [
    models,
    {
      name: 'details',
      endpoint: { path: 'models/{resources.models.id}', paginator: 'single_page', data_selector: '$' },
    },
    {
      name: 'events',
      primary_key: 'id',
      write_disposition: 'merge',
      endpoint: {
        path: 'events',
        params: { since: '{incremental.start_value}', kind: ['a', 'b'], token: { secret: 'api_key', env: 'SHOP_KEY' } },
        paginator: 'single_page',
        incremental: events,
      },
    },
  ];
  const project = await smallProject(url, { resources });
  const first = JSON.parse((await project.run(['plan', '--format', 'json'])).stdout).resources;
  expect(first).toMatchObject([
    {
      name: 'models',
      firstUrl: `${url}/models?offset=0&limit=50`,
      parentRows: null,
      changes: [{ change: 'table_added' }],
    },
    { name: 'details', firstUrl: null, parentRows: null },
    { name: 'events', incremental: { cursorPath: 'at', from: '2024-01-01', to: null } },
  ]);
  expect(await project.run(['run'])).toMatchObject({ code: 0 });
  const sent = asked.length;
  const changed = [
    {
      ...models,
      write_disposition: 'merge',
      primary_key: 'id',
      columns: { price: { data_type: 'text' }, size: { data_type: 'bigint' } },
    },
    ...resources.slice(1),
  ];
  await writeConfig(project, smallConfig(url, { resources: changed }));
  const { stdout } = await project.run(['plan']);
  expect(stdout.split('\n').map((line) => line.replace(/ {2,}/g, '  '))).toEqual([
    'A run of small would ask for:',
    `  models  GET ${url}/models?offset=0&limit=50  1 request or more, as pages follow`,
    `  details  GET ${url}/models/{resources.models.id}  a request for each record of models, which has 2 rows now`,
    `  events  GET ${url}/events?since=2024-05-06&kind=a&kind=b  1 request`,
    '',
    'Incremental resources begin where they are:',
    '  events  at  from 2024-05-06',
    '',
    'It would change, as far as that is known before a record came:',
    '  models.size  new column, BIGINT',
    '  models.id  may no longer be null',
    '  models  write disposition append → delete-insert',
    '  models  primary key none → id',
    '  models.price  stays BIGINT, although the configuration says VARCHAR',
    '',
  ]);
  expect(stdout).not.toContain(project.env.SHOP_KEY);
  expect(asked).toHaveLength(sent);
});
