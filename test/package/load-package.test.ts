import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Database } from '../../src/duckdb/database.ts';
import { ORDINARY_MEMORY } from '../../src/duckdb/memory-limit.ts';
import { realEffects } from '../../src/effects.ts';
import { LoadPackage } from '../../src/package/load-package.ts';
import { readInfo, readResources, readTables, writeResources, writeTables } from '../../src/package/package-books.ts';
import { PackageFolder } from '../../src/package/package-folder.ts';
import { shortenTag } from '../../src/schema/tag.ts';
import { normalizing, openPackage, packageInfo, packageRows, progress } from '../support/normalized.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** The package as a later run finds it: its process died, nothing was closed. */
async function reopen(database: Database, path: string) {
  database.close();
  const later = await Database.open({ tempDirectory: await tempFolder() });
  onTestFinished(() => later.close());
  await later.attach(path, 'package');
  return { later, connection: await later.connect() };
}

describe('a finished package', () => {
  test('tells its tables, its resources, and that it is complete', async () => {
    const { loadPackage, normalizer, connection } = await openPackage();
    normalizer.add([{ id: 1, tags: ['x'] }], 0);
    await loadPackage.endPage(progress('running', 1));
    await loadPackage.finish([progress('done', 1)]);
    expect(await readInfo(connection)).toEqual({ ...packageInfo, status: 'extracted' });
    expect(await readResources(connection)).toEqual([progress('done', 1)]);
    expect(await readTables(connection)).toMatchObject([
      { schema: { name: 't' }, rows: 1, root: 't', resource: 't', firstValues: { id: '1' } },
      { schema: { name: 't__tags', parent: 't' }, rows: 1, root: 't' },
    ]);
  });

  test('columns that come with later pages are null in earlier rows', async () => {
    const { loadPackage, normalizer, connection } = await openPackage();
    normalizer.add([{ a: 1 }], 0);
    await loadPackage.endPage(progress('running', 1));
    await loadPackage.drain();
    normalizer.add([{ a: 2, b: 'x', fooBar: 1 }], 0);
    await loadPackage.drain();
    normalizer.add([{ foo_bar: 2 }], 0);
    await loadPackage.endPage(progress('running', 2));
    await loadPackage.finish([progress('done', 2)]);
    expect(await packageRows(connection, 't')).toMatchObject([
      { a: 1n, b: null },
      { a: 2n, b: 'x', foo_bar: null },
      { a: null, foo_bar: 2n },
    ]);
  });
});

test('a package of thousands of columns in many nested tables gets the memory it needs', async () => {
  const { loadPackage, normalizer, connection } = await openPackage({}, realEffects.now, ORDINARY_MEMORY);
  const item = Object.fromEntries(Array.from({ length: 25 }, (_, column) => [`c${column}`, 'x']));
  normalizer.add([Object.fromEntries(Array.from({ length: 100 }, (_, table) => [`k${table}`, [item]]))], 0);
  await loadPackage.finish([progress('done', 1)]);
  const columns = "select count(*)::integer as n from duckdb_columns() where column_name = 'c24'";
  expect(await connection.row(columns)).toEqual({ n: 100 });
});

describe('the books of a package', () => {
  test('have resources in the order of the run and tables in the order of the records, whichever was written first', async () => {
    const { loadPackage, normalizer, connection } = await openPackage();
    const other = { ...progress('running', 1), resource: 'a', root: 'a', place: 1 };
    normalizer.add([{ id: 1, z: [1] }], 0);
    await loadPackage.endPage(progress('running', 1));
    await loadPackage.endPage(other);
    await loadPackage.commit();
    for (const key of ['y', 'x']) {
      normalizer.add([{ id: 2, [key]: [1] }], 0);
      await loadPackage.endPage(progress('running', 2));
      await loadPackage.commit();
    }
    await loadPackage.finish([other, { ...progress('done', 2), resource: 'first', root: 'first', place: -1 }]);
    expect((await readResources(connection)).map(({ resource }) => resource)).toEqual(['first', 't', 'a']);
    expect((await readTables(connection)).map(({ schema }) => schema.name)).toEqual(['t', 't__z', 't__y', 't__x']);
  });

  test('have the tables of resources that come first before those of others', async () => {
    const { loadPackage, normalizer, connection } = await openPackage();
    normalizer.add([{ id: 1 }], 0);
    const [t] = normalizer.describe();
    if (t === undefined) throw new Error('there is no table');
    const other = { ...t.table, resource: 'a', rows: 1, schema: { ...t.table.schema, name: 'a' } };
    await writeTables(connection, [other, { ...t.table, rows: 1 }]);
    await writeResources(connection, [progress('done', 1), { ...progress('done', 1), resource: 'a', place: 1 }]);
    expect((await readTables(connection)).map(({ schema }) => schema.name)).toEqual(['t', 'a']);
    await loadPackage.abandon();
  });

  test('forget a name that a table had to give up', async () => {
    const { loadPackage, normalizer, connection } = await openPackage();
    normalizer.add([{ fooBar: [1] }], 0);
    await loadPackage.endPage(progress('running', 1));
    await loadPackage.commit();
    normalizer.add([{ FooBar: [2] }], 0);
    await loadPackage.finish([progress('done', 2)]);
    expect((await readTables(connection)).map(({ schema, rows }) => [schema.name, rows])).toEqual([
      ['t', 2],
      [`t__foo_bar__${shortenTag('t.fooBar')}`, 1],
      [`t__foo_bar__${shortenTag('t.FooBar')}`, 1],
    ]);
  });
});

describe('a package whose run died', () => {
  test('has the pages that were committed, and continues after them as if nothing had been', async () => {
    const { loadPackage, normalizer, database, path } = await openPackage();
    normalizer.add([{ id: 1, tags: ['a'] }], 0);
    await loadPackage.endPage(progress('running', 1));
    await loadPackage.keep();
    const { later, connection } = await reopen(database, path);
    expect(await readResources(connection)).toEqual([progress('running', 1)]);

    const continued = normalizing(await LoadPackage.continue(later, packageInfo, realEffects.now));
    expect(continued.loadPackage.hasPages).toBe(true);
    continued.normalizer.add([{ id: 2, tags: ['b'], more: true }], 0);
    await continued.loadPackage.endPage(progress('running', 2));
    await continued.loadPackage.finish([progress('done', 2)]);
    expect(await packageRows(connection, 't')).toEqual([
      { '#row': 0, id: 1n, more: null },
      { '#row': 1, id: 2n, more: true },
    ]);
    expect(await packageRows(connection, 't__tags')).toMatchObject([{ '#parent': 0 }, { '#parent': 1 }]);
  });

  test('has the pages that waited for a commit when it ended', async () => {
    const { loadPackage, normalizer, database, path } = await openPackage();
    normalizer.add([{ id: 1 }], 0);
    loadPackage.note(progress('running', 1));
    await loadPackage.keep();
    const { connection } = await reopen(database, path);
    expect(await readResources(connection)).toEqual([progress('running', 1)]);
    expect(await packageRows(connection, 't')).toMatchObject([{ id: 1n }]);
  });

  test('loses the rows of a page that was never complete, and the columns and tables only it had', async () => {
    const { loadPackage, normalizer, database, path } = await openPackage();
    normalizer.add([{ id: 1 }], 0);
    await loadPackage.endPage(progress('running', 1));
    normalizer.add([{ id: 2, half: 'x' }], 0);
    await loadPackage.drain(); // half a page; its new column made the rows before durable
    normalizer.add([{ id: 3, other: 'y', list: [1] }], 0);
    await loadPackage.drain();
    await loadPackage.keep();
    const { later, connection } = await reopen(database, path);
    const continued = normalizing(await LoadPackage.continue(later, packageInfo, realEffects.now));
    continued.normalizer.add([{ id: 2, half: 'x' }], 0);
    await continued.loadPackage.endPage(progress('running', 2));
    await continued.loadPackage.finish([progress('done', 2)]);
    expect(await packageRows(connection, 't')).toMatchObject([
      { '#row': 0, id: 1n, half: null },
      { '#row': 1, id: 2n, half: 'x' },
    ]);
    expect(await packageRows(connection, 't')).toHaveLength(2);
  });

  test('still knows which key owns which name, when the key with the better right comes only later', async () => {
    const { loadPackage, normalizer, database, path } = await openPackage();
    normalizer.add([{ fooBar: 1, Items: [{ x: 1 }] }], 0);
    await loadPackage.endPage(progress('running', 1));
    await loadPackage.keep();
    const { later, connection } = await reopen(database, path);
    const begun = await readTables(connection);
    const documents = new Map(begun.map(({ schema }) => [schema.name, schema]));
    const continued = normalizing(await LoadPackage.continue(later, packageInfo, realEffects.now), {
      begun,
      root: documents.get('t') ?? { name: 't', columns: {} },
      nestedTable: (name) => documents.get(name) ?? { name, columns: {} },
    });
    continued.normalizer.add([{ foo_bar: 2, fooBar: 3, items: [{ x: 2 }] }], 0);
    await continued.loadPackage.endPage(progress('running', 2));
    await continued.loadPackage.finish([progress('done', 2)]);
    const tagged = `foo_bar__${shortenTag('fooBar')}`;
    expect(await packageRows(connection, 't')).toEqual([
      { '#row': 0, [tagged]: 1n, foo_bar: null },
      { '#row': 1, [tagged]: 3n, foo_bar: 2n },
    ]);
    expect(await packageRows(connection, 't__items')).toMatchObject([{ '#parent': 1, x: 2n }]);
    expect(await packageRows(connection, `t__items__${shortenTag('t.Items')}`)).toMatchObject([
      { '#parent': 0, x: 1n },
    ]);
  });

  test('that never got past its first statement is no package', async () => {
    const database = await Database.open({ tempDirectory: await tempFolder() });
    onTestFinished(() => database.close());
    await database.attach(join(await tempFolder(), 'x.duckdb'), 'package');
    expect(await readInfo(await database.connect())).toBeUndefined();
  });
});

describe('the folder of packages', () => {
  test('keeps the last few loaded ones and removes the rest', async () => {
    const folder = new PackageFolder(await tempFolder());
    await folder.prepare();
    const loadIds = ['1700000000.000001', '1700000000.000002', '1700000000.000003'];
    for (const loadId of loadIds) {
      const database = await Database.open({ tempDirectory: folder.path });
      await database.attach(folder.file(loadId), 'package');
      database.close();
    }
    expect(await folder.pending()).toEqual(loadIds);
    for (const loadId of loadIds) await folder.moveToLoaded(loadId, 2);
    expect(await folder.pending()).toEqual([]);
    expect(existsSync(join(folder.path, 'loaded', `${loadIds[0]}.duckdb`))).toBe(false);
    expect(existsSync(join(folder.path, 'loaded', `${loadIds[2]}.duckdb`))).toBe(true);
  });

  test('that does not exist yet has nothing pending', async () => {
    expect(await new PackageFolder(join(await tempFolder(), 'none')).pending()).toEqual([]);
  });
});
