import { expect, test } from 'vitest';
import { load, problems, withResources } from './loading.ts';

const models = (endpoint: string) => withResources(`- { name: models, endpoint: { path: models, ${endpoint} } }`);

test.each<[string, string]>([
  ['capture_headers: x-cost', 'endpoint.capture_headers  expected a list'],
  [
    'capture_headers: ["x cost"]',
    'endpoint.capture_headers[0]  expected the name of a header, such as `x-request-cost`',
  ],
  ['capture_headers: [""]', 'endpoint.capture_headers[0]  expected the name of a header'],
  [
    'capture_headers: [Set-Cookie]',
    'endpoint.capture_headers[0]  holds a credential or a session: it is not kept in rows',
  ],
  ['include_headers: { X-Api-Key: key }', 'endpoint.include_headers.X-Api-Key  holds a credential or a session'],
  ['include_headers: { x cost: cost }', 'endpoint.include_headers.x cost  expected the name of a header'],
  ['include_headers: { x-cost: "" }', 'endpoint.include_headers.x-cost  expected text'],
  ['include_headers: [x-cost]', 'endpoint.include_headers  expected'],
  [
    'include_headers: { x-cost: cost, x-price: Cost }',
    'endpoint.include_headers.x-price  the field `cost` is that of another header',
  ],
])('of the endpoint { %s }, validate says %s', async (endpoint, message) => {
  expect((await problems(models(endpoint))).join('\n')).toContain(message);
});

test('names and patterns are taken in any case', async () => {
  const config = await load(models('capture_headers: [X-Cost*, "*"], include_headers: { X-Cost: cost }'));
  expect(config.source.resources[0]?.endpoint).toMatchObject({
    capture_headers: ['x-cost*', '*'],
    include_headers: { 'x-cost': 'cost' },
  });
});
