import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Database } from '../../src/duckdb/database.ts';
import { realEffects } from '../../src/effects.ts';
import { sinceTime } from '../../src/inspection/since.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { type Project, smallProject } from '../support/project.ts';
import { useServer } from '../support/server.ts';

const once = { paginator: 'single_page' };

/** Models, a job that is not there, and three pictures for 0.1 each. */
async function bought(): Promise<Project> {
  let sold = 0;
  const { url } = await useServer(({ path, method }, response) => {
    if (path === '/jobs/a') return undefined;
    if (method !== 'POST') return [{ id: 1 }];
    sold += 1;
    response.setHeader('x-cost', '0.1');
    response.setHeader('x-balance', String(2 - sold / 10));
    return { id: sold };
  });
  const project = await smallProject(url, {
    client: { cost_header: 'X-Cost', balance_header: 'X-Balance', capture_headers: ['x-cost', 'x-balance'] },
    resources: [
      { name: 'models', endpoint: { path: 'models', ...once } },
      {
        name: 'jobs',
        endpoint: {
          path: 'jobs/{id}',
          params: { id: { type: 'values', from: [{ list: ['a'] }] } },
          response_actions: [{ status_code: 404, action: 'ignore' }],
          ...once,
        },
      },
      {
        name: 'images',
        write_disposition: 'append',
        endpoint: {
          path: 'images',
          method: 'POST',
          paid: true,
          params: { prompt: { type: 'values', from: [{ list: ['a', 'b', 'c'] }] } },
          json: { prompt: '{prompt}' },
          data_selector: '$',
          ...once,
        },
      },
    ],
  });
  expect((await project.run(['run'])).code).toBe(0);
  expect((await project.run(['run', 'images', '--allow-paid'])).code).toBe(0);
  return project;
}

const json = async (project: Project, ...args: string[]) =>
  JSON.parse((await project.run([...args, '--format', 'json'])).stdout);

test('requests and costs of past runs are listed, filtered and summed; not while a run goes on', async () => {
  const project = await bought();
  const text = (await project.run(['requests'])).stdout;
  expect(text).toMatch(/^5 requests:\n {2}\S+Z {2}images {2}200 {2}/);
  expect(text).toMatch(/\nBy resource and status:\n {2}images {2}200 {2}3 requests {2}3 attempts {2,}\S+ s each/);
  expect(text).toMatch(/\n {2}jobs {4}404 {3}1 request /);
  const all = await json(project, 'requests', '-n', '2');
  expect(all.requests).toHaveLength(2);
  expect(all.totals).toMatchObject([
    { resource: 'images', status: 200, requests: 3 },
    { resource: 'jobs', status: 404, requests: 1 },
    { resource: 'models', status: 200, requests: 1 },
  ]);
  const [{ loadId }] = all.requests;
  const counts = async (...args: string[]) =>
    (await json(project, 'requests', ...args)).requests.map(({ resource }: { resource: string }) => resource);
  expect(await counts('--resource', 'models')).toEqual(['models']);
  expect(await counts('--status', '4xx')).toEqual(['jobs']);
  expect(await counts('--status', 'none')).toEqual([]);
  expect(await counts('--load', loadId)).toEqual(['images', 'images', 'images']);
  expect(await counts('--since', '1h', '--slowest', '-n', '1')).toHaveLength(1);
  expect(await counts('--since', '2999-01-01')).toEqual([]);
  expect(await counts('--load', loadId, '--status', 'none')).toEqual([]);
  const [, ...lines] = (await project.run(['requests', '--format', 'csv'])).stdout.trimEnd().split('\n');
  const everything = (await json(project, 'requests')).requests;
  expect(lines.map((line) => Number(line.split(',').at(-2)))).toEqual(
    everything.map(({ milliseconds }: { milliseconds: number }) => milliseconds),
  );
  expect((await project.run(['requests', '--status', '404', '--format', 'csv'])).stdout).toMatch(
    /^runStartedAt,loadId,resource,method,url,status,attempts,milliseconds,bytes\n\S+,jobs,GET,\S+\/jobs\/a,404,1,[^\n]+\n$/,
  );

  expect(await json(project, 'costs')).toMatchObject({
    by: 'day',
    costs: [
      {
        of: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        spent: 0.3,
        currency: 'usd',
        requests: 3,
        unknown: 0,
        loadId: null,
      },
    ],
    totals: [{ spent: 0.3, requests: 3 }],
    captured: [{ requests: 3, cost: 0.3 }],
    balance: { balance: 1.7, resource: 'images', loadId, at: expect.stringMatching(/^\d{4}-\S+\.\d{3}Z$/) },
  });
  expect(await json(project, 'costs', '--by', 'run')).toMatchObject({
    costs: [{ loadId, spent: 0.3 }],
    captured: null,
  });
  expect((await project.run(['costs', '--by', 'resource'])).stdout).toMatch(
    /^What runs spent, by resource:\n {2}images {2}0\.3 usd {2}3 paid requests\n {2}in all {2}0\.3 usd {2}3 paid requests\n\nWhat replies said, by resource \(`cost_by_day`\):\n {2}images {2}0\.3 usd {2}3 requests\n\nThe balance was 1\.7 usd at \S+Z \(images\)\.\n$/,
  );
  expect((await project.run(['costs', '--since', '2999-01-01'])).stdout).toMatch(/^Nothing was spent/);

  for (const [args, message] of [
    [['requests', '--resource', 'model'], 'There is no resource `model`, did you mean `models`?'],
    [['requests', '--load', '123'], `The ledger has no load \`123\` of this pipeline. — The last ones: ${loadId}`],
    [['requests', '--status', 'bad'], '`--status bad`: expected a status such as 429'],
    [['costs', '--since', 'monday'], '`--since monday`: expected a duration'],
  ] as const)
    expect(await project.run(args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });

  const database = await Database.open();
  const ledger = await Ledger.open(database, join(project.cwd, '.dezgo-elt'), realEffects);
  for (const command of ['requests', 'costs'])
    expect(await project.run([command])).toMatchObject({
      code: 75,
      stdout: '',
      stderr: expect.stringMatching(
        /Try again when it has finished\. Meanwhile `dezgo-elt info` and \S+runs\.jsonl can be read\.\n$/,
      ),
    });
  await ledger.close();
  database.close();
  await writeFile(join(project.cwd, '.dezgo-elt/ledger.duckdb'), 'x'.repeat(9000));
  expect(await project.run(['requests'])).toMatchObject({
    code: 6,
    stderr: expect.stringMatching(/^error: The ledger of runs cannot be used\./),
  });
});

test('before the first run there are no requests and no costs, and nothing is made', async () => {
  const { url } = await useServer(() => []);
  const project = await smallProject(url, { resources: [{ name: 'models', endpoint: { path: 'models', ...once } }] });
  expect((await project.run(['requests'])).stdout).toBe('No requests.\n');
  expect(await project.run(['requests', '--load', '123'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('— It has none yet.'),
  });
  expect((await project.run(['costs'])).stdout).toBe('Nothing was spent: no run paid for a request.\n');
});

test('a time since when is a duration before now, or a time', () => {
  const now = Date.UTC(2026, 0, 15);
  expect(sinceTime(undefined, now)).toBeUndefined();
  expect(sinceTime('2d', now)).toBe(Date.UTC(2026, 0, 13));
  expect(sinceTime('99999999999d', now)).toBe(0);
  expect(sinceTime('2026-01-02', now)).toBe(Date.UTC(2026, 0, 2));
  expect(sinceTime('2026-01-02T03:04:05+01:00', now)).toBe(Date.UTC(2026, 0, 2, 2, 4, 5));
});
