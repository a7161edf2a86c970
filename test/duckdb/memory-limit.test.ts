import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Database } from '../../src/duckdb/database.ts';
import { memoryFor, ORDINARY_MEMORY } from '../../src/duckdb/memory-limit.ts';
import { isOutOfMemory, memoryError } from '../../src/duckdb/out-of-memory.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A DuckDB that has 30 MB and nowhere to move anything out to. */
async function tightDatabase() {
  const database = await Database.open({ memory: 30 });
  onTestFinished(() => database.close());
  const connection = await database.connect();
  const fill = () =>
    connection.run("create or replace table t as select repeat('x', 1000) || range as s from range(50_000)");
  return { database, connection, fill };
}

describe('the memory limit', () => {
  it.each([
    ['is raised to what the work needs', (database: Database) => database.allowMemory(200)],
    ['is no higher than what the machine has', (database: Database) => database.allowMemory(1e12)],
    ['is lifted', (database: Database) => database.allowAllMemory()],
  ])('%s, and the statement that it refused has its memory', async (_, allow) => {
    const { database, connection, fill } = await tightDatabase();
    await expect(fill()).rejects.toThrow('Out of Memory Error');
    await allow(database);
    await fill();
    expect(await connection.row('select count(*)::integer as n from t')).toEqual({ n: 50_000 });
  });

  it('is not lowered', async () => {
    const { database, fill } = await tightDatabase();
    await database.allowMemory(200);
    await database.allowMemory(30);
    await fill();
  });

  it('makes room for the write-ahead log of a file that is attached', async () => {
    const file = join(await tempFolder(), 'file.duckdb');
    const writer = await Database.open();
    await writer.attach(file, 'f');
    const writing = await writer.connect();
    await writing.run("set global checkpoint_threshold = '1GB'");
    await writing.run("create table f.t as select repeat('abcdefghij', 5000000) as s");
    writer.close();
    const { database, connection } = await tightDatabase();
    await database.attach(file, 'f', { readOnly: true });
    expect(await connection.row('select length(s)::integer as n from f.t')).toEqual({ n: 50_000_000 });
  });
});

describe('memoryFor(tables)', () => {
  const table = { columns: 10, longText: 0 };

  it('grows with the widest table, the number of tables and the longest texts', () => {
    expect(memoryFor([])).toBe(ORDINARY_MEMORY);
    expect(memoryFor([table, table, { ...table, columns: 50 }])).toBe(ORDINARY_MEMORY);
    const more = [
      [table, { ...table, columns: 300 }],
      Array.from({ length: 1000 }, () => table),
      [table, { ...table, longText: 100e6 }],
    ].map(memoryFor);
    expect(Math.min(...more)).toBeGreaterThan(2 * ORDINARY_MEMORY);
  });
});

describe('memoryError(thrown, doing)', () => {
  it('says what there is too little memory for, how much there is, and what to do', async () => {
    const { fill } = await tightDatabase();
    const thrown: unknown = await fill().catch((error: unknown) => new Error('while loading', { cause: error }));
    expect(isOutOfMemory(thrown)).toBe(true);
    expect(memoryError(thrown, 'load package 17')).toMatchObject({
      code: 'DestinationFailed',
      exitCode: 6,
      message: 'There is too little memory to load package 17: DuckDB may use 28.6 MiB here.',
      hint: expect.stringMatching(/smaller pages.*max_table_nesting/),
      cause: thrown,
    });
  });

  it.each([
    'Failed to append: could not allocate block of size 8.0 KiB (76.2 MiB/76.2 MiB used)',
    'TransactionContext Error: Failed to commit: failed to pin block of size 1.9 MiB (75.4 MiB/76.2 MiB used)',
    'Out of Memory Error: failed to allocate data of size 32.0 KiB (94.9 MiB/76.2 MiB used)',
    'std::bad_alloc',
  ])('knows %s', (message) => {
    expect(memoryError(new Error(message), 'load')).toBeDefined();
  });

  it('is nothing for any other failure', () => {
    expect(memoryError(new Error('IO Error: could not write block: No space left on device'), 'load')).toBeUndefined();
    expect(memoryError('a text', 'load')).toBeUndefined();
  });
});
