import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runPipeline } from '../../src/pipeline.ts';
import { value } from '../support/published.ts';
import { tempFolder } from '../support/temp-folder.ts';

function* records(count: number, text = 'x') {
  for (let id = 0; id < count; id++) yield { id, text };
}

/** Of the file that runs of so many rows leave. */
async function blockSize(mode: 'swap' | 'in_place', ...loads: readonly Iterable<object>[]) {
  const folder = await tempFolder();
  const file = join(folder, 'p.duckdb');
  for (const data of loads) {
    const { failure } = await runPipeline({
      pipeline: {
        name: 'p',
        dataset_name: 'd',
        working_dir: join(folder, 'w'),
        publish: { mode },
        destination: { path: file },
      },
      source: { name: 's', resources: [{ name: 't', data: () => data }] },
    });
    expect(failure).toBeUndefined();
  }
  const bytes = await value(
    file,
    "select block_size from pragma_database_size() where database_name = 'published'",
    'd',
  );
  return { bytes, size: statSync(file).size };
}

test.each(['swap', 'in_place'] as const)(
  'a file that begins with few rows has small blocks, and keeps them (%s)',
  async (mode) => {
    const { bytes, size } = await blockSize(mode, records(10), records(20_000));
    expect(bytes).toBe(16_384);
    expect(size).toBeLessThan(2e6);
  },
);

test('a file that begins with many rows, or long texts, has blocks as DuckDB makes them', async () => {
  expect(await blockSize('swap', records(20_000), records(1))).toMatchObject({ bytes: 262_144 });
  expect(await blockSize('swap', records(20, 'x'.repeat(100_000)))).toMatchObject({ bytes: 262_144 });
});
