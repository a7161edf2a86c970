import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sandboxModels } from '../../src/sandbox/models.ts';
import { runPython, useDlt } from './dlt.ts';
import { RowsProject } from './library.ts';
import { countRows, Project, type Read, sourcesText, versionsOf } from './project.ts';

const columnsOf = (read: Read) =>
  read(
    `select table_name as t, column_name as c, data_type as type, is_nullable as nullable from duckdb_columns()
     where schema_name = current_schema() and table_name not like '\\_elt%' escape '\\' order by all`,
  );

/** Of each of dlt's types one column. */
const typed = {
  hints: {
    primary_key: 'id',
    write_disposition: 'merge',
    columns: {
      amount: { data_type: 'decimal', precision: 18, scale: 4 },
      day: { data_type: 'date' },
      clock: { data_type: 'time' },
      bytes: { data_type: 'binary' },
      huge: { data_type: 'wei' },
      doc: { data_type: 'json' },
      small: { data_type: 'bigint', precision: 16 },
      local: { data_type: 'timestamp', timezone: false, precision: 3 },
      later: { data_type: 'text' },
    },
  },
  row: {
    amount: '1.2345',
    day: '2024-01-15',
    clock: '10:11:12',
    bytes: 'AQID',
    huge: '12345678901234567890',
    doc: { a: [1, { b: null }] },
    small: 7,
    local: '2024-01-15T10:11:12.123',
    at: '2024-01-15T10:11:12Z',
    plain: 'text',
    ratio: 0.5,
    count: 3,
    flag: true,
    nested: { value: 1 },
    list: [1, 2],
  },
} as const;

describe('a dataset that dlt created', () => {
  const dlt = useDlt('1.5');

  test('is continued by our next run: no conflict, types and state as they were', async () => {
    const project = await Project.open();
    const example = () => dlt('run_example', { ...project.names, url: project.sandbox.url, key: project.sandbox.key });
    const events = { name: 'events', incremental: 'at', rows: [{ id: 1, at: '2024-01-01T00:00:00Z', n: 1.5 }] };
    const load = (...resources: object[]) =>
      dlt('run_rows', { ...project.names, schema: 'dezgo_api_source', resources });
    const read: Read = (sql) => project.rows(sql);
    await example();
    await load(events);
    const before = { columns: await columnsOf(read), counts: await countRows(read), state: await sourcesText(read) };
    expect(before.state).toContain('2024-01-01');

    await project.run();

    expect(await columnsOf(read)).toEqual(expect.arrayContaining(before.columns));
    expect(await countRows(read)).toMatchObject(before.counts);
    expect(await sourcesText(read)).toBe(before.state);
    const versions = await versionsOf(read);
    expect(versions).toHaveLength(3);
    await load({ ...events, rows: [...events.rows, { id: 2, at: '2024-01-02T00:00:00Z', n: 2 }] });
    await example();
    expect(await countRows(read)).toMatchObject({ ...before.counts, events: 2 });
    expect(await versionsOf(read), 'dlt finds nothing to change').toEqual(versions);
  });

  test('keeps its types in our run, one of each, and dlt finds nothing to change afterwards', async () => {
    const project = await RowsProject.open();
    const rows = (...ids: number[]) => ids.map((id) => ({ id, ...typed.row }));
    const read: Read = (sql) => project.rows(sql);
    const byDlt = (...ids: number[]) =>
      dlt('run_rows', project.given({ name: 't', rows: rows(...ids), hints: typed.hints }));
    await byDlt(1);
    const columns = await columnsOf(read);

    await project.run({ name: 't', rows: rows(2), hints: { primary_key: 'id', write_disposition: 'merge' } });
    expect(await columnsOf(read)).toEqual(columns);
    const versions = await versionsOf(read);
    await byDlt(3);

    expect(await columnsOf(read)).toEqual(columns);
    expect(await versionsOf(read)).toEqual(versions);
    const different = "select distinct columns(c -> c not similar to 'id|_dlt_.*') from t";
    expect(await read(different)).toHaveLength(1);
    expect(await countRows(read)).toEqual({ t: 3, t__list: 6 });
  });

  test('of another name beside ours is left alone', async () => {
    const project = await RowsProject.open();
    const other = { ...project.names, dataset: 'other', pipeline: 'q' };
    await dlt('run_rows', { ...other, schema: 's', resources: [{ name: 't', rows: [{ a: 1 }] }] });
    await project.run({ name: 't', rows: [{ a: 'text' }] });
    await dlt('run_rows', { ...other, schema: 's', resources: [{ name: 't', rows: [{ a: 2 }] }] });
    const rows = await project.rows('select a::integer as a from other.t order by a');
    expect(rows).toEqual([{ a: 1 }, { a: 2 }]);
  });
});

describe('a dataset that dlt created with DuckDB 2.0', () => {
  const dlt = useDlt('2.0');

  test('is refused with the statements that convert it, and continued once they have run', async () => {
    const project = await Project.open();
    await dlt('run_example', { ...project.names, url: project.sandbox.url, key: project.sandbox.key });

    const { code, stderr } = await project.tryRun();
    expect(code).toBe(6);
    expect(stderr).toContain('DuckDB 2.0');
    const statements = /ATTACH .*COPY FROM DATABASE a TO b;/s.exec(stderr)?.[0];
    await runPython('python', ['-c', `import duckdb; duckdb.sql(${JSON.stringify(statements)})`], {
      cwd: project.folder,
    });
    await rename(join(project.folder, 'new.duckdb'), project.file);

    await project.run();
    const counts = await countRows((sql) => project.rows(sql));
    expect(counts).toMatchObject({ models: sandboxModels.length, account_tx_last: 1 });
  });
});
