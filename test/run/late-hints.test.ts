import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('a type hint that comes too late for its column is said to have no effect', async () => {
  const folder = await tempFolder();
  const config = (resource: object): ConfigFileInput => ({
    pipeline: {
      name: 'p',
      dataset_name: 'd',
      working_dir: join(folder, 'w'),
      destination: { path: join(folder, 'p.duckdb') },
    },
    source: { name: 's', resources: [{ name: 't', data: () => [{ d: 0.5, n: 1, list: [{ x: 1 }] }], ...resource }] },
  });
  expect((await runPipeline(config({}))).notes).toEqual([]);
  const columns = {
    d: { data_type: 'decimal', precision: 10, scale: 2 },
    n: { data_type: 'bigint' },
    fresh: { data_type: 'date' },
  };
  const hinted = await runPipeline(
    config({ columns, nested_hints: { list: { columns: { x: { data_type: 'text' } } } } }),
  );
  expect(hinted).toMatchObject({ exitCode: 0 });
  expect(hinted.notes).toEqual([
    't.d stays DOUBLE: the hint DECIMAL(10,2) is only for a new column.',
    't__list.x stays BIGINT: the hint VARCHAR is only for a new column.',
  ]);
});
