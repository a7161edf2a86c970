import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { ReadOnlyFile } from '../../src/duckdb/read-only-file.ts';
import { type Effects, realEffects, silentLog } from '../../src/effects.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { withDuckdbFile } from '../support/duckdb-file.ts';
import { shared } from '../support/shared.ts';
import { tempFolder } from '../support/temp-folder.ts';

type Resource = Exclude<ConfigFileInput['source']['resources'][number], string>;

/** A file in which `t` has one row. */
const begun = shared(async () => {
  const path = join(await tempFolder(), 'p.duckdb');
  await pipelineAt(path).run([{ id: 1 }]);
  return path;
});

/** A pipeline of one resource `t`, in a copy of that file; each call is one run. */
async function pipeline() {
  const path = join(await tempFolder(), 'p.duckdb');
  await copyFile(await begun(), path);
  return pipelineAt(path);
}

function pipelineAt(path: string) {
  const folder = dirname(path);
  const warnings: string[] = [];
  const effects: Effects = { ...realEffects, log: { ...silentLog, warn: (text) => warnings.push(text) } };
  const run = (records: readonly unknown[], resource: Partial<Resource> = {}, source: object = {}) =>
    runPipeline(
      {
        pipeline: {
          name: 'p',
          dataset_name: 'd',
          working_dir: join(folder, 'w'),
          destination: { type: 'duckdb', path },
        },
        source: { name: 's', ...source, resources: [{ name: 't', data: () => records, ...resource }] },
      },
      { effects },
    );
  const rows = async (sql: string) => {
    const file = await ReadOnlyFile.open(path);
    try {
      return await file.connection.rows(`select * from (${sql.replaceAll('d.', 'destination.d.')})`);
    } finally {
      file.close();
    }
  };
  const file = (sql: string) => withDuckdbFile(path, (connection) => connection.run(sql));
  return { run, rows, file, warnings };
}

describe('a schema contract', () => {
  test('freeze ends with 7, publishes nothing, and the next run is not blocked by the package', async () => {
    const { run, rows } = await pipeline();
    const refused = await run([{ id: 2, extra: 'x' }], { schema_contract: { columns: 'freeze' } });
    expect(refused).toMatchObject({ exitCode: 7, published: false, failure: { code: 'ContractViolated' } });
    expect(refused.failure?.message).toContain('column extra of table t, asked for by the value `x`');
    expect(refused.packages).toMatchObject([{ state: 'rejected' }]);
    const [, file = ''] = /It is (\S+\.duckdb)$/.exec(refused.notes.join('\n')) ?? [];
    expect(existsSync(file)).toBe(true);
    expect(await rows('select id from d.t')).toEqual([{ id: 1n }]);
    const next = await run([{ id: 3 }], { schema_contract: { columns: 'freeze' } });
    expect(next).toMatchObject({ exitCode: 0, packages: [{ state: 'loaded' }] });
  });

  test('what is discarded is counted, told in a warning, and kept in _elt_rejected where that is asked for', async () => {
    const { run, rows, warnings } = await pipeline();
    const trace = await run(
      [
        { id: 2, extra: 'x' },
        { id: 3, extra: { a: 1, b: 2 } },
      ],
      {
        schema_contract: { columns: 'discard_value' },
        keep_rejected: true,
      },
    );
    expect(trace.exitCode).toBe(0);
    expect(trace.counts).toEqual({ 'values of t left out by the schema contract': 3 });
    expect(warnings).toEqual(['values of t left out by the schema contract: 3']);
    expect(await rows('select id from d.t')).toHaveLength(3);
    const kept = { load_id: trace.packages[0]?.loadId, table_name: 't', reason: 'columns: discard_value' };
    const [second, third] = ['{"id":2,"extra":"x"}', '{"id":3,"extra":{"a":1,"b":2}}'];
    expect(await rows('select * from d._elt_rejected')).toEqual([
      { ...kept, column_name: 'extra', record: '"x"', source_row: second },
      { ...kept, column_name: 'extra__a', record: '1', source_row: third },
      { ...kept, column_name: 'extra__b', record: '2', source_row: null },
    ]);
  });

  test('of the source holds where the resource says nothing, and stands in the schema document', async () => {
    const { run, rows } = await pipeline();
    const trace = await run([{ id: 2, extra: 'x' }], {}, { schema_contract: 'discard_row' });
    expect(trace.counts).toEqual({ 'rows of t left out by the schema contract': 1 });
    expect(await rows('select id from d.t')).toEqual([{ id: 1n }]);
    const [newest] = await rows('select schema from d._dlt_version order by version desc limit 1');
    expect(JSON.parse(String(newest?.schema)).settings.schema_contract).toBe('discard_row');
  });

  test('what is discarded is kept in a table of an earlier version too', async () => {
    const { run, rows, file } = await pipeline();
    const discarding = { schema_contract: { columns: 'discard_value' }, keep_rejected: true } as const;
    await run([{ id: 2, extra: 'x' }], discarding);
    await file('alter table d._elt_rejected drop column source_row');
    expect(await run([{ id: 3, extra: 'y' }], discarding)).toMatchObject({ exitCode: 0 });
    expect(await rows('select record, source_row from d._elt_rejected')).toEqual([
      { record: '"x"', source_row: null },
      { record: '"y"', source_row: '{"id":3,"extra":"y"}' },
    ]);
  });

  test('nothing is kept unless it is asked for', async () => {
    const { run, rows } = await pipeline();
    await run([{ id: 2, extra: 'x' }], { schema_contract: 'discard_value' });
    await expect(rows('select * from d._elt_rejected')).rejects.toThrow(/_elt_rejected/);
  });
});
