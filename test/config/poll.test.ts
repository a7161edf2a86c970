import { expect, test } from 'vitest';
import { load, problems, withResources } from './loading.ts';

const jobs = (endpoint: string) => withResources(`- { name: jobs, endpoint: { path: jobs, ${endpoint} } }`);

test.each<[string, string]>([
  ['poll: { until: "status = " }', 'endpoint.poll.until  expected a SQL expression: `status = ` cannot be read'],
  ['poll: { until: "a", fallbacks: [] }', 'endpoint.poll.fallbacks  unknown key'],
  ['poll: { every: 2s }', 'endpoint.poll.until  is required: expected text'],
  ['poll: { until: a, every: 0 }', 'endpoint.poll.every  expected a duration above 0'],
  ['poll: { until: a }, method: POST', 'endpoint.poll  asks the same again and again: a POST needs `idempotent: true`'],
  ['poll: { until: a }, paid: true', 'endpoint.poll  what is `paid` is never sent again, and cannot be polled'],
  [
    'poll: { until: a }, paginator: page_number',
    'endpoint.paginator  what is polled has one page: expected `paginator: single_page` in place of `page_number`',
  ],
  ['poll: { until: a }, fallbacks: [{ path: b, poll: { until: "b = " } }]', 'fallbacks[0].poll.until  expected a SQL'],
  ['poll: { until: a }, fallbacks: [{ path: b, method: POST }]', 'fallbacks[0].poll  asks the same'],
])('of the endpoint { %s }, validate says %s', async (endpoint, message) => {
  expect((await problems(jobs(endpoint))).join('\n')).toContain(message);
});

test.each([
  "poll: { until: \"status in ('completed', 'failed')\" }",
  'poll: { until: a, every: 500ms, timeout: 1h }, paginator: single_page',
  'poll: { until: a }, method: POST, idempotent: true',
])('the endpoint { %s } is taken', async (endpoint) => {
  const { source } = await load(jobs(endpoint));
  expect(source.resources[0]?.endpoint?.poll).toMatchObject({ until: expect.any(String) });
});
