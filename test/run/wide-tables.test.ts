import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runPipeline } from '../../src/pipeline.ts';
import { value } from '../support/published.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('a table of 300 text columns and thousands of rows gets the memory it needs', async () => {
  const folder = await tempFolder();
  const config = {
    pipeline: {
      name: 'p',
      dataset_name: 'd',
      working_dir: join(folder, 'w'),
      destination: { path: join(folder, 'p.duckdb') },
    },
    source: {
      name: 's',
      resources: [
        {
          name: 't',
          data: function* () {
            for (let row = 0; row < 3000; row++) {
              yield Object.fromEntries(
                Array.from({ length: 300 }, (_, column) => [`c${column}`, `value ${row} of ${column}`]),
              );
            }
          },
        },
      ],
    },
  };
  expect(await runPipeline(config)).toMatchObject({ exitCode: 0, packages: [{ tables: [{ name: 't', rows: 3000 }] }] });
  const inOrder =
    "select count(*) from (select c299, row_number() over () - 1 as n from t) where c299 = format('value {} of 299', n)";
  expect(await value(config.pipeline.destination.path, inOrder, 'd')).toBe(3000);
});
