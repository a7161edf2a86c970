import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Connection } from '../../src/duckdb/connection.ts';
import { Database } from '../../src/duckdb/database.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { rowsOf } from '../support/published.ts';
import { tempFolder } from '../support/temp-folder.ts';

function projectIn(folder: string) {
  const pipeline = {
    name: 'p',
    dataset_name: 'd',
    working_dir: join(folder, 'w'),
    destination: { path: join(folder, 'p.duckdb') },
  };
  return (...ids: readonly number[]) => ({
    pipeline,
    source: { name: 's', resources: [{ name: 't', data: () => ids.map((id) => ({ id, tags: [`tag ${id}`] })) }] },
  });
}

/** As if the package of the run before had been left by a version whose books knew no order. */
async function leaveEarlierPackage(folder: string, status: 'extracting' | 'extracted'): Promise<string> {
  const packages = join(folder, 'w', 'packages');
  for (const name of await readdir(join(packages, 'loaded'))) {
    await rename(join(packages, 'loaded', name), join(packages, name));
  }
  const [file = ''] = (await readdir(packages)).filter((name) => name.endsWith('.duckdb'));
  const database = await Database.open({ tempDirectory: folder });
  await database.attach(join(packages, file), 'package');
  await toEarlierBooks(await database.connect(), status);
  await database.detach('package');
  database.close();
  await rm(join(folder, 'p.duckdb'));
  return file.replace('.duckdb', '');
}

async function toEarlierBooks(connection: Connection, status: string): Promise<void> {
  await connection.run('use package.books');
  await connection.run(`create table old_tables as select table_name, document from tables order by place`);
  await connection.run(
    `create table old_resources as
     select resource, json_merge_patch(document, '{"place": null}')::varchar as document from resources order by place`,
  );
  await connection.run('drop table tables; alter table old_tables rename to tables');
  await connection.run('drop table resources; alter table old_resources rename to resources');
  await connection.run(`update info set document = json_merge_patch(document, '{"layout": null}'), status = ?`, [
    status,
  ]);
  await connection.run('alter table rejected drop column source_row');
  await connection.run(`insert into rejected values ('t', 'x', 'columns: discard_value', '1')`);
  await connection.run('use memory.main');
}

async function ids(folder: string): Promise<unknown[]> {
  return (await rowsOf(join(folder, 'p.duckdb'), 't', 'd')).map(({ id }) => id);
}

test('a complete package of an earlier version is loaded by the next run', async () => {
  const folder = await tempFolder();
  const project = projectIn(folder);
  await runPipeline(project(1));
  const left = await leaveEarlierPackage(folder, 'extracted');

  const { failure, packages } = await runPipeline(project(2));
  expect(failure).toBeUndefined();
  expect(packages).toMatchObject([
    { loadId: left, state: 'loaded', recovered: true, tables: [{ name: 't' }, { name: 't__tags' }] },
    { state: 'loaded', recovered: false },
  ]);
  expect(await ids(folder)).toEqual([1, 2]);
});

test('an incomplete package of an earlier version is dropped, and that is told', async () => {
  const folder = await tempFolder();
  const project = projectIn(folder);
  await runPipeline(project(1));
  const left = await leaveEarlierPackage(folder, 'extracting');

  const { failure, notes } = await runPipeline(project(2));
  expect(failure).toBeUndefined();
  expect(notes).toContain(
    `Package ${left}, which an earlier run left incomplete, was dropped: an earlier version of dezgo-elt began it.`,
  );
  expect(await ids(folder)).toEqual([2]);
});
