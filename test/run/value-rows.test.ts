import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { useServer } from '../support/server.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('a query gives the columns that placeholders name, and says which it has where one is missing', async () => {
  const folder = await tempFolder();
  const { url, asked } = await useServer(({ path }) =>
    path === '/shops'
      ? [
          { id: 1, region: 'eu', big: 9007199254740991 },
          { id: 2, region: null },
        ]
      : [{ at: path }],
  );
  const config = (path: string): ConfigFileInput => ({
    pipeline: {
      name: 'shops',
      dataset_name: 'd',
      working_dir: join(folder, 'work'),
      destination: { type: 'duckdb', path: join(folder, 'shops.duckdb') },
    },
    source: {
      name: 's',
      client: { base_url: url },
      resources: [
        'shops',
        {
          name: 'orders',
          selected: false,
          endpoint: {
            path,
            params: { shop: { type: 'values', from: [{ query: 'select id, region as Region, big from shops' }] } },
          },
        },
      ],
    },
  });
  expect(await runPipeline(config('{shop}/{shop.region}/{shop.big}'))).toMatchObject({ exitCode: 0 });
  const orders = { resources: ['orders'] };
  expect(await runPipeline(config('{shop}/{shop.region}/{shop.big}'), orders)).toMatchObject({ exitCode: 0 });
  expect(asked.map(({ path }) => path)).toEqual(['/shops', '/1/eu/9007199254740991']);
  expect((await runPipeline(config('{shop.regin}'), orders)).failure).toMatchObject({
    code: 'ConfigInvalid',
    message: expect.stringContaining('gives no column `regin`, did you mean `Region`?'),
    hint: 'Its columns are: id, Region, big. Name them as they are, or with `as` in it.',
  });
});
