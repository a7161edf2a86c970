import { copyFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Connection } from '../../src/duckdb/connection.ts';
import { Database } from '../../src/duckdb/database.ts';
import { LoadPackage } from '../../src/package/load-package.ts';
import { readChains, readInfo, readResources, readTables } from '../../src/package/package-books.ts';
import { normalizing, openPackage, packageInfo, packageRows, progress } from '../support/normalized.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A clock on which the last commit is always long ago, so that every page begins another. */
function impatient(): () => number {
  let time = 0;
  return () => (time += 1000);
}

/** A clock that stands still: no page is the reason for a commit. */
const still = () => 0;

/** The package as a run finds it whose predecessor died now: the files as they are. */
async function afterDeath(path: string) {
  const copy = join(await tempFolder(), 'copy.duckdb');
  for (const end of ['', '.wal']) {
    if (await stat(path + end).catch(() => undefined)) await copyFile(path + end, copy + end);
  }
  const database = await Database.open({ tempDirectory: await tempFolder() });
  onTestFinished(() => database.close());
  await database.attach(copy, 'package');
  const loadPackage = await LoadPackage.continue(database, packageInfo, still);
  return { database, loadPackage, connection: await database.connect() };
}

/** Numbers of the pages that rows of `t`, and of the table below it, came with. */
async function pagesOfRows(connection: Connection): Promise<[root: number[], nested: number[]]> {
  const tables = await readTables(connection);
  const of = async (name: string, column: string) =>
    tables.some(({ schema }) => schema.name === name)
      ? (await packageRows(connection, name)).map((row) => Number(row[column]))
      : [];
  return [await of('t', 'page'), await of('t__tags', 'value')];
}

describe('a package whose run dies at any time', () => {
  const step = fc.oneof(
    {
      arbitrary: fc.record({ do: fc.constant('records' as const), shape: fc.integer({ min: 0, max: 3 }) }),
      weight: 5,
    },
    { arbitrary: fc.constant({ do: 'page' } as const), weight: 3 },
    { arbitrary: fc.constant({ do: 'drain' } as const), weight: 2 },
    { arbitrary: fc.constant({ do: 'commit' } as const), weight: 2 },
    { arbitrary: fc.constant({ do: 'chains' } as const), weight: 1 },
  );

  test.each([
    ['each page', impatient()],
    ['none but those that are asked for', still],
  ])('has whole pages alone, and the position after them: with a commit after %s', async (_, now) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 20 }), async (steps) => {
        const { loadPackage, normalizer, path } = await openPackage({}, now);
        let page = 1;
        let committed = 0;
        const written: number[] = [];
        for (const each of steps) {
          if (each.do === 'records') {
            // Other shapes make tables and columns in the middle of a page.
            const more = each.shape === 0 ? {} : { [`more${each.shape}`]: page, tags: [page] };
            normalizer.add([{ page, ...more }], 0);
            written.push(page);
          } else if (each.do === 'page') await loadPackage.endPage(progress('running', page++));
          else if (each.do === 'drain') await loadPackage.drain();
          else if (each.do === 'chains') await loadPackage.keepChains('t', [{ page }]);
          else {
            await loadPackage.commit();
            committed = page - 1;
          }
        }
        await loadPackage.drain(); // whatever commit is going on is over then
        const { loadPackage: continued, connection } = await afterDeath(path);
        const [resource] = await readResources(connection);
        const position = Number(resource?.position?.page ?? 0);
        const [root, nested] = await pagesOfRows(connection);

        expect(position).toBeGreaterThanOrEqual(committed);
        expect(position).toBeLessThan(page);
        expect(root).toEqual(written.filter((number) => number <= position));
        expect(nested.every((number) => number <= position)).toBe(true);
        await continued.abandon();
        await loadPackage.abandon();
      }),
      { numRuns: 4 },
    );
  });
});

describe('a page that is being filled', () => {
  test('is not in what is kept of a run that failed in the middle of it', async () => {
    const { loadPackage, normalizer, path } = await openPackage({}, still);
    normalizer.add([{ page: 1, tags: [1] }], 0);
    await loadPackage.endPage(progress('running', 1));
    normalizer.add([{ page: 2, tags: [2], half: true }], 0);
    await loadPackage.drain();
    await loadPackage.keep();
    const { connection } = await afterDeath(path);
    expect(await pagesOfRows(connection)).toEqual([[1], [1]]);
  });

  test('takes nothing with it that a contract left out of the page after it', async () => {
    const { loadPackage, normalizer, path } = await openPackage({}, still);
    const left = { table: 't', column: null, reason: 'columns: discard_row', row: null };
    normalizer.add([{ page: 1 }], 0);
    loadPackage.reject({ ...left, record: '1' });
    await loadPackage.endPage(progress('running', 1));
    loadPackage.reject({ ...left, record: '2' });
    await loadPackage.commit();
    const { connection } = await afterDeath(path);
    expect(await connection.rows('select record from package.books.rejected')).toEqual([{ record: '1' }]);
  });
});

describe('what a resource asks for', () => {
  test('is there as soon as the first position that counts in it', async () => {
    const { loadPackage, normalizer, path } = await openPackage({}, impatient());
    normalizer.add([{ page: 1 }], 0);
    await loadPackage.endPage(progress('running', 1)); // its commit is going on now
    await loadPackage.keepChains('t', [{ id: 'a' }, { id: 'b' }]);
    await loadPackage.endPage(progress('running', 2));
    await loadPackage.drain();
    const { connection } = await afterDeath(path);
    expect(await readResources(connection)).toEqual([progress('running', 2)]);
    expect(await readChains(connection, 't')).toEqual([{ id: 'a' }, { id: 'b' }]);
  });

  test('replaces what it asked for before', async () => {
    const { loadPackage, normalizer, path } = await openPackage({}, still);
    await loadPackage.keepChains('t', [{ id: 'a' }]);
    await loadPackage.keepChains('t', [{ id: 'b' }]);
    normalizer.add([{ page: 1 }], 0);
    await loadPackage.endPage(progress('running', 1));
    await loadPackage.commit();
    const { connection } = await afterDeath(path);
    expect(await readChains(connection, 't')).toEqual([{ id: 'b' }]);
  });
});

describe('a package that is given up', () => {
  test('has no page, though it was drained', async () => {
    const { loadPackage, normalizer, path } = await openPackage({}, still);
    normalizer.add([{ page: 1 }], 0);
    await loadPackage.endPage(progress('running', 1));
    await loadPackage.abandon();
    const { loadPackage: later, connection } = await afterDeath(path);
    expect(later.hasPages).toBe(false);
    expect(await readInfo(connection)).toEqual(packageInfo);
    expect(await readTables(connection)).toEqual([]);
  });
});

test('a package that is continued again and again has every page once', async () => {
  const first = await openPackage({}, still);
  let { loadPackage, normalizer } = first;
  let connection = first.connection;
  let path = first.path;
  for (let page = 1; page <= 4; page += 1) {
    normalizer.add([{ page, tags: [page], [`only${page}`]: true }], 0);
    await loadPackage.endPage(progress('running', page));
    await loadPackage.commit();
    normalizer.add([{ page: page + 1, [`half${page}`]: true }], 0);
    await loadPackage.drain(); // and here it dies
    const folder = await tempFolder();
    for (const end of ['', '.wal']) {
      if (await stat(path + end).catch(() => undefined)) await copyFile(path + end, join(folder, `p.duckdb${end}`));
    }
    path = join(folder, 'p.duckdb');
    const database = await Database.open({ tempDirectory: folder });
    onTestFinished(() => database.close());
    await database.attach(path, 'package');
    connection = await database.connect();
    const begun = await readTables(connection);
    const documents = new Map(begun.map(({ schema }) => [schema.name, schema]));
    ({ loadPackage, normalizer } = normalizing(await LoadPackage.continue(database, packageInfo, still), {
      begun,
      root: documents.get('t') ?? { name: 't', columns: {} },
      nestedTable: (name) => documents.get(name) ?? { name, columns: {} },
    }));
  }
  await loadPackage.finish([progress('done', 4)]);
  expect(await readInfo(connection)).toMatchObject({ status: 'extracted' });
  expect(await pagesOfRows(connection)).toEqual([
    [1, 2, 3, 4],
    [1, 2, 3, 4],
  ]);
  const [row] = await packageRows(connection, 't');
  expect(Object.keys(row ?? {}).filter((name) => name.startsWith('half'))).toEqual([]);
});
