import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { smallProject } from '../support/project.ts';
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
    `  models   GET ${url}/models                        1 request or more, as pages follow`,
    `  details  GET ${url}/models/{resources.models.id}  a request for each record of models`,
    '',
  ]);
  const paid = await project.run(['plan', 'images']);
  expect(paid.stdout.split('\n').slice(1)).toEqual([
    `  images  POST ${url}/images/{id}  3 requests  paid, 0.6 usd`,
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
