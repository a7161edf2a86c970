import { join } from 'node:path';
import { expect, test } from 'vitest';
import { load, problems, withResources } from '../config/loading.ts';
import { type Project, smallConfig, smallProject, writeConfig } from '../support/project.ts';
import { query } from '../support/published.ts';
import { useServer } from '../support/server.ts';

const prompts = { prompt: { type: 'values', from: [{ list: ['a', 'b', 'c', 'd', 'e'] }] } };
const images = (more: object = {}) => ({
  name: 'images',
  write_disposition: 'append',
  endpoint: {
    path: 'images',
    method: 'POST',
    paid: true,
    cost: 0.1,
    params: prompts,
    json: { prompt: '{prompt}' },
    data_selector: '$',
    paginator: 'single_page',
    ...more,
  },
});

const run = (project: Project, ...more: string[]) =>
  project.run(['run', 'images', '--allow-paid', '--format', 'json', ...more]);

/** Each image costs 0.1, as it says; the balance is 2 before the first. */
async function selling() {
  let sold = 0;
  const { url, asked } = await useServer(({ body }, response) => {
    sold += 1;
    response.setHeader('x-cost', '0.1');
    response.setHeader('x-balance', (2 - sold / 10).toFixed(1));
    return { id: sold, ...JSON.parse(body) };
  });
  return { url, asked, headers: { cost_header: 'X-Cost', balance_header: 'X-Balance' } };
}

test('a run stops before the paid request that would be too much, loads what it paid for, and says so; the next one goes on with the others', async () => {
  const { url, asked, headers } = await selling();
  const client = { ...headers, capture_headers: ['x-cost'] };
  const project = await smallProject(url, { resources: [images()], client });
  const { code, stdout, stderr } = await run(project, '--max-cost', '0.3');
  expect(code).toBe(8);
  expect(stderr).toContain('images: 5 paid requests, 0.5 usd in all; balance not known, at most 0.3 usd\n');
  expect(stderr).toContain(
    'error: `images`: stopped before the next paid request, for 0.1 usd: 0.3 of at most 0.3 usd (`max_cost`) are spent; the balance is 1.7 usd.',
  );
  expect(stderr).toContain('What is left is for the next run: dezgo-elt run images --allow-paid --max-cost 0.3\n');
  expect(asked).toHaveLength(3);
  expect(JSON.parse(stdout)).toMatchObject({
    exitCode: 8,
    published: true,
    failure: { code: 'BudgetExhausted' },
    cost: { spent: 0.3, currency: 'usd', requests: 3, unknown: 0, balance: 1.7 },
    resources: [{ records: 3, cost: { spent: 0.3, requests: 3 } }],
  });
  expect(await query(project.file, 'select prompt from images order by id')).toEqual(
    ['a', 'b', 'c'].map((prompt) => ({ prompt })),
  );
  expect(
    await query(project.file, 'select resource, requests::int as n, cost::varchar as cost from cost_by_day'),
  ).toEqual([{ resource: 'images', n: 3, cost: '0.300000000000' }]);
  expect(await query(project.file, 'select balance::double as left from balance_history order by time')).toEqual([
    { left: 1.9 },
    { left: 1.8 },
    { left: 1.7 },
  ]);
  const ledger = join(project.cwd, '.dezgo-elt', 'ledger.duckdb');
  expect(
    await query(ledger, 'select resource, spent::varchar as spent, currency, requests from costs', 'main'),
  ).toEqual([{ resource: 'images', spent: '0.300000000000', currency: 'usd', requests: 3n }]);
  expect(JSON.parse((await project.run(['plan', 'images', '--format', 'json'])).stdout)).toMatchObject({
    cost: 0.2,
    resources: [{ requests: 2 }],
  });
  const next = await run(project, '--max-cost', '0.3');
  expect(JSON.parse(next.stdout)).toMatchObject({
    exitCode: 0,
    cost: { spent: 0.2, requests: 2 },
    resources: [{ notes: ['leaves out 3 ids that a run paid for and loaded before it was stopped'] }],
  });
  expect(await query(project.file, "select string_agg(prompt, '' order by id) as prompts from images")).toEqual([
    { prompts: 'abcde' },
  ]);
  expect(await run(project, '--max-cost', '0.2')).toMatchObject({ code: 8 });
  await writeConfig(
    project,
    smallConfig(url, { resources: [images({ json: { prompt: '{prompt}!' } })], client: headers }),
  );
  expect(await run(project)).toMatchObject({ code: 0 });
  expect(asked.map(({ body }) => JSON.parse(body).prompt).slice(5)).toEqual(['a', 'b', 'a!', 'b!', 'c!', 'd!', 'e!']);
});

test('what a request costs is computed from its values before the first is sent', async () => {
  const { url, asked } = await useServer(() => ({ id: 1 }));
  const sizes = {
    type: 'values',
    from: [
      {
        list: [
          { w: 1024, steps: 30 },
          { w: 512, steps: 10 },
        ],
      },
    ],
  };
  const endpoint = {
    cost: "width * height * coalesce((options->>'steps')::int, 5) * 0.00000001 + length(q) / 100",
    params: { size: sizes, q: 'hd' },
    json: { width: '{size.w}', height: 1024, options: { steps: '{size.steps}' } },
  };
  const project = await smallProject(url, { resources: [images(endpoint)] });
  const whole = await run(project);
  expect(whole.stderr).toContain('2 paid requests, 0.4070016 usd in all; balance not known, no `max_cost`');
  expect(JSON.parse(whole.stdout)).toMatchObject({
    exitCode: 0,
    cost: { spent: 0.4070016, requests: 2 },
  });
  const stopped = await run(project, '--max-cost', '0.4');
  expect(stopped).toMatchObject({ code: 8 });
  expect(asked).toHaveLength(3);
});

test.each([
  ['steps * 0.1', 'gives no amount of money for prompt = a'],
  ['-0.1 * length(prompt)', 'gives no amount of money for prompt = a'],
  ["case when prompt = 'c' then 'free' else '0.1' end", 'gives no amount of money for prompt = c'],
  ['prompt * 2', 'failed: '],
])('a `cost` that gives no amount is an error before anything is asked for: %s', async (cost, message) => {
  const { url, asked } = await useServer(() => ({ id: 1 }));
  const project = await smallProject(url, { resources: [images({ cost })] });
  const { code, stderr } = await run(project);
  expect(code).not.toBe(0);
  expect(stderr).toContain(message);
  expect(asked).toEqual([]);
});

test('limits that nobody could keep to, and prices of what costs nothing, are refused', async () => {
  const found = await problems(
    withResources(
      '- { name: free, endpoint: { cost: 1 } }',
      '- { name: unknown, endpoint: { paid: true, max_cost: 1 } }',
      '- { name: negative, endpoint: { paid: true, cost: 1, max_cost: -1 } }',
      '- { name: sql, endpoint: { paid: true, cost: "width * (" } }',
    ).replace('.com/ }', '.com/, min_balance: 1 }'),
  );
  expect(found).toEqual([
    expect.stringContaining('client.min_balance  nobody says what is left: expected `balance_header`'),
    expect.stringContaining('free.endpoint.cost  only what is `paid` costs'),
    expect.stringContaining('unknown.endpoint.max_cost  nobody says what its requests cost'),
    expect.stringContaining('negative.endpoint.max_cost  expected an amount that is not negative'),
    expect.stringContaining('sql.endpoint.cost  expected a SQL expression: `width * (`'),
  ]);
  const { url } = await useServer(() => ({ id: 1 }));
  const project = await smallProject(url, { resources: [images({ cost: undefined })] });
  const unlimited = await run(project);
  expect(unlimited.stderr).toContain(
    '5 paid requests of unknown cost (no `endpoint.cost`); balance not known, no `max_cost`',
  );
  expect(JSON.parse(unlimited.stdout)).toMatchObject({ cost: { spent: 0, requests: 5, unknown: 5 } });
  expect(await run(project, '--max-cost', '1')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('`max_cost` cannot be kept to: nobody says what a request of `images` costs.'),
  });
  expect(await run(project, '--max-cost', 'much')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--max-cost much'),
  });
});

test('limits and prices decide about no row: a package is continued with others', async () => {
  const yaml = withResources('- { name: images, endpoint: { paid: true, cost: 1 } }');
  const dearer = yaml.replace('cost: 1', 'cost: 2, max_cost: 9').replace('.com/ }', '.com/, currency: credits }');
  expect((await load(dearer)).hash).toBe((await load(yaml)).hash);
});

test('a header that holds no amount is warned about once, and what was expected is counted', async () => {
  const told = ['free', '-3', '1e400', '-0.001', '0.1, 0.1'];
  const { url, asked } = await useServer((_, response) => {
    response.setHeader('x-cost', told[asked.length - 1] ?? '');
    return { id: 1 };
  });
  const project = await smallProject(url, { resources: [images()], client: { cost_header: 'x-cost' } });
  const { stdout, stderr } = await run(project);
  expect(stderr.match(/warning: images: `x-cost` \(cost_header\) of a reply is no number/g)).toHaveLength(1);
  expect(stderr.match(/warning: images: `x-cost` \(cost_header\) of a reply is negative/g)).toHaveLength(1);
  expect(JSON.parse(stdout)).toMatchObject({ cost: { spent: 0.5, requests: 5, unknown: 0 } });
});

test('where a part would take rows away, what was paid for waits in its package, and the next run goes on', async () => {
  const { url, asked, headers } = await selling();
  const resources = [{ ...images(), write_disposition: 'replace' }];
  const project = await smallProject(url, { resources, client: headers });
  expect(await run(project, '--max-cost', '0.3')).toMatchObject({ code: 8 });
  expect(await run(project)).toMatchObject({ code: 0 });
  expect(asked).toHaveLength(5);
  expect(await query(project.file, 'select count(*)::int as n from images')).toEqual([{ n: 5 }]);
});

test('a limit before the first paid request loads nothing, and other resources all the same', async () => {
  const { url, asked } = await useServer(({ path }) => ({ id: path }));
  const free = { name: 'free', endpoint: { path: 'free', data_selector: '$', paginator: 'single_page' } };
  const project = await smallProject(url, { resources: [images(), free] });
  expect(await run(project, '--max-cost', '0.01')).toMatchObject({
    code: 8,
    stdout: expect.stringContaining('"published": false'),
  });
  expect(await run(project, 'free', '--max-cost', '0.01')).toMatchObject({ code: 8 });
  expect(asked.map(({ path }) => path)).toEqual(['/free']);
  expect(await query(project.file, 'select id from free')).toEqual([{ id: '/free' }]);
});
