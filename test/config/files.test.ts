import { expect, test } from 'vitest';
import { FileReference } from '../../src/config/file-reference.ts';
import { resolveConfig } from '../../src/config/load-config.ts';
import { problems, withResources } from './loading.ts';

const post = (body: string) => withResources(`- { name: a, endpoint: { path: a, method: POST, ${body} } }`);

test.each<[string, string]>([
  ['data: { image: { file: "" } }', 'endpoint.data.image.file  expected'],
  ['data: { image: { file: a.png, name: b } }', 'endpoint.data.image.name  unknown key'],
  ['data: { image: { file: "{nope.x}.png" } }', 'endpoint.data.image.file  `{nope.x}`: expected'],
  ['json: { list: [{ file: a.png, data_url: yes }] }', 'json.list[0]  expected `{ file: PATH, content_type: TYPE'],
  ['json: { image: { file: a.png, filename: b.png } }', 'json.image  expected `{ file: PATH, content_type: TYPE'],
  [
    'idempotent: true, poll: { until: x }, json: { image: { file: a.png } }',
    'poll  asks the same again and again, and',
  ],
  ['method: GET, data: { image: { file: a.png } }', 'a GET sends no body'],
])('of the body { %s }, validate says %s', async (body, message) => {
  const yaml = body.startsWith('method') ? post(body).replace('method: POST, ', '') : post(body);
  expect((await problems(yaml)).join('\n')).toContain(message);
});

test('paths of files are relative to the configuration, wherever they stand', async () => {
  const { source } = await resolveConfig(
    {
      pipeline: { name: 'p', destination: { type: 'duckdb' } },
      source: {
        name: 's',
        client: { base_url: 'https://api.example.test/' },
        resources: [
          {
            name: 'a',
            endpoint: {
              method: 'POST',
              json: { list: [{ image: { file: 'b.png' }, other: { file: 'x', more: 1 } }], file: 'text' },
              fallbacks: [{ path: 'c', json: { image: { file: '../c.png', data_url: true } } }],
            },
          },
        ],
      },
    },
    { cwd: '/srv/data', env: {} },
  );
  const endpoint = source.resources[0]?.endpoint;
  expect(endpoint?.json).toEqual({
    list: [{ image: new FileReference({ file: '/srv/data/b.png' }), other: { file: 'x', more: 1 } }],
    file: 'text',
  });
  expect(endpoint?.fallbacks?.[0]?.json).toEqual({
    image: new FileReference({ file: '/srv/c.png', data_url: true }),
  });
});
