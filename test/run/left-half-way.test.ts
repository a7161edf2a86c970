import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runPipeline } from '../../src/pipeline.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('a generator whose records a contract refuses can clean up', async () => {
  const folder = await tempFolder();
  let cleaned = false;
  const run = (data: () => Iterable<unknown>) =>
    runPipeline({
      pipeline: {
        name: 'p',
        dataset_name: 'd',
        working_dir: join(folder, 'w'),
        destination: { path: join(folder, 'p.duckdb') },
      },
      source: { name: 's', resources: [{ name: 't', data, schema_contract: { columns: 'freeze' } }] },
    });
  await run(() => [{ id: 1 }]);
  const refused = await run(function* () {
    try {
      yield Array.from({ length: 5000 }, (_, id) => ({ id, extra: 1 }));
      yield [{ id: 1 }];
    } finally {
      cleaned = true;
    }
  });
  expect(refused).toMatchObject({ exitCode: 7 });
  expect(cleaned).toBe(true);
});
