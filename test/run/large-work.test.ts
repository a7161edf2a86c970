import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { Database } from '../../src/duckdb/database.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { tempFolder } from '../support/temp-folder.ts';

type Resource = NonNullable<ConfigFileInput['source']['resources']>[number];

/** A pipeline of one resource, `t`, whose records are different from run to run. */
async function pipelineOf(options: Partial<Exclude<Resource, string>> = {}) {
  const folder = await tempFolder();
  const file = join(folder, 'p.duckdb');
  return {
    run: (records: () => Iterable<unknown>) =>
      runPipeline({
        pipeline: { name: 'p', dataset_name: 'd', working_dir: join(folder, 'w'), destination: { path: file } },
        source: { name: 's', resources: [{ name: 't', ...options, data: records }] },
      }),
    async row(sql: string) {
      const database = await Database.open();
      await database.attach(file, 'f', { readOnly: true });
      const row = await (await database.connect()).row(sql);
      database.close();
      return row;
    },
  };
}

function* records(count: number, text: string) {
  for (let id = 0; id < count; id++) yield { id, text };
}

describe('work that needs more memory than usual', () => {
  test.each([
    [1, 100_000_000],
    [1000, 100_000],
  ])('%i records with texts of %i characters are loaded', async (count, length) => {
    const pipeline = await pipelineOf({ write_disposition: 'merge', primary_key: 'id' });
    expect(await pipeline.run(() => records(count, 'x'.repeat(length)))).toMatchObject({ exitCode: 0 });
    expect(await pipeline.row('select sum(length(text))::double as n from f.d.t')).toEqual({ n: count * length });
  });

  test('thousands of columns in many nested tables are loaded', async () => {
    const rows = [Object.fromEntries(Array.from({ length: 60 }, (_, column) => [`c${column}`, 'x']))];
    const record = Object.fromEntries(Array.from({ length: 60 }, (_, table) => [`k${table}`, rows]));
    const pipeline = await pipelineOf();
    expect(await pipeline.run(() => [record])).toMatchObject({ exitCode: 0 });
    const columns = "select count(*)::integer as n from duckdb_columns() where column_name = 'c59'";
    expect(await pipeline.row(columns)).toEqual({ n: 60 });
  });

  test('a load that ran out of memory is done again from a fresh copy', async () => {
    const pipeline = await pipelineOf();
    await pipeline.run(() => records(1000, 'x'.repeat(100_000)));
    // What the table holds is written again: of that the package knows nothing. First while loading, then by the checkpoint.
    expect(await pipeline.run(() => [{ id: 0.5, text: 'y' }])).toMatchObject({ exitCode: 0 });
    expect(await pipeline.run(() => [{ id: 1, text: 'y' }])).toMatchObject({ exitCode: 0 });
    expect(await pipeline.row('select count(*)::integer as n, sum(id) as ids from f.d.t')).toEqual({
      n: 1002,
      ids: 499_501.5,
    });
  });
});
