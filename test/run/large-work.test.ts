import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { query } from '../support/published.ts';
import { tempFolder } from '../support/temp-folder.ts';

type Resource = Exclude<ConfigFileInput['source']['resources'][number], string>;

/** A destination of the test; each call is one run. */
async function pipeline() {
  const folder = await tempFolder();
  const file = join(folder, 'p.duckdb');
  return {
    run: (...resources: readonly Resource[]) =>
      runPipeline({
        pipeline: { name: 'p', dataset_name: 'd', working_dir: join(folder, 'w'), destination: { path: file } },
        source: { name: 's', resources: [...resources] },
      }),
    row: async (sql: string) => (await query(file, sql, 'd'))[0],
  };
}

function* records(count: number, text: string) {
  for (let id = 0; id < count; id++) yield { id, text };
}

describe('work that needs more memory than usual', () => {
  test('a table of 300 text columns and thousands of rows is loaded', async () => {
    const { run, row } = await pipeline();
    const texts = (n: number) =>
      Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`c${at}`, `value ${n} of ${at}`]));
    const rows = 2100; // more than fit into one vector of DuckDB
    const data = () => Array.from({ length: rows }, (_, n) => texts(n));
    expect(await run({ name: 't', data })).toMatchObject({
      exitCode: 0,
      packages: [{ tables: [{ name: 't', rows }] }],
    });
    const inOrder =
      "from (select c299, row_number() over () - 1 as n from t) where c299 = format('value {} of 299', n)";
    expect(await row(`select count(*)::integer as rows ${inOrder}`)).toEqual({ rows });
  });

  test('a text of 80,000,000 characters is loaded', async () => {
    const { run, row } = await pipeline();
    const merged = { write_disposition: 'merge', primary_key: 'id' } as const;
    expect(await run({ name: 't', ...merged, data: () => records(1, 'x'.repeat(80_000_000)) })).toMatchObject({
      exitCode: 0,
    });
    expect(await row('select sum(length(text))::double as n from t')).toEqual({ n: 80_000_000 });
  });

  test('a load that ran out of memory is done again from a fresh copy', async () => {
    const { run, row } = await pipeline();
    await run({ name: 't', data: () => records(700, 'x'.repeat(100_000)) });
    expect(await row('select sum(length(text))::double as n from t')).toEqual({ n: 70_000_000 });
    // What the table holds is written again: of that the package knows nothing. First while loading, then by the checkpoint.
    expect(await run({ name: 't', data: () => [{ id: 0.5, text: 'y' }] })).toMatchObject({ exitCode: 0 });
    expect(await run({ name: 't', data: () => [{ id: 1, text: 'y' }] })).toMatchObject({ exitCode: 0 });
    expect(await row('select count(*)::integer as n, sum(id) as ids from t')).toEqual({ n: 702, ids: 244_651.5 });
  });
});
