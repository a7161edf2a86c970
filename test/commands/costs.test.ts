import { expect, test } from 'vitest';
import { type Project, smallProject } from '../support/project.ts';
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

test('a run stops before the paid request that would be too much, loads what it paid for, and says so', async () => {
  const { url, asked, headers } = await selling();
  const project = await smallProject(url, { resources: [images()], client: headers });
  const { code, stdout, stderr } = await run(project, '--max-cost', '0.3');
  expect(code).toBe(8);
  expect(stderr).toContain('images: 5 paid requests, 0.5 usd in all (balance not known, at most 0.3 usd)\n');
  expect(stderr).toContain(
    'error: `images`: stopped before the next paid request, for 0.1 usd: 0.3 of at most 0.3 usd (`max_cost`) are spent; the balance is 1.7 usd.',
  );
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
});
