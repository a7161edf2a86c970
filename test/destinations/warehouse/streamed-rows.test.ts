import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { whileWritten } from '../../../src/destinations/warehouse/postgres/streamed-rows.ts';
import type { Connection } from '../../../src/duckdb/connection.ts';
import { fragment } from '../../../src/load/staging/sql-fragment.ts';
import { handOn, takeDatabase } from '../../support/idle-database.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/** The text that comes of a query, and what is in the folder afterwards. */
async function streamed(
  sql: string,
  { folder, threads = 1, work = textOf }: { folder?: string; threads?: number; work?: typeof textOf } = {},
) {
  const place = folder ?? (await tempFolder());
  const database = await takeDatabase();
  const connection = await database.connect();
  await connection.run(`set global threads = ${threads}`);
  const rows = { label: '1_rows', table: 'orders', columns: [], select: fragment(sql), connection };
  try {
    const text = await whileWritten(rows, place, work).catch(String);
    return { text, left: await readdir(place), threads: await threadsOf(connection) };
  } finally {
    await connection.run('set global threads = 1');
    connection.close();
    await handOn(database);
  }
}

async function textOf(pieces: AsyncIterable<Buffer>): Promise<string> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all).toString();
}

async function threadsOf(connection: Connection): Promise<number> {
  const row = await connection.row("select current_setting('threads')::integer as threads");
  return Number(row?.threads);
}

test('rows come as CSV in their order, all of them, whatever number of threads DuckDB has', async () => {
  const rows = Array.from({ length: 300_000 }, (_, row) => `${row},x\n`);
  const { text, left, threads } = await streamed("select i, 'x' from range(300_000) as r(i)", { threads: 3 });
  expect(text === rows.join('')).toBe(true);
  expect({ left, threads }).toEqual({ left: [], threads: 3 });
});

test('null is told from texts, which come as they are', async () => {
  const { text } = await streamed(`select * from (values (null, ''), ('\\N', e'a"b,\n')) as v(a, b)`);
  expect(text).toBe('\\N,\n"\\N","a""b,\n"\n');
});

test('what a killed run left under the name is not read', async () => {
  const folder = await tempFolder();
  await writeFile(join(folder, '1_rows.csv'), 'from before\n'.repeat(1000));
  expect((await streamed('select 1 where false', { folder })).text).toBe('');
});

test('rows that DuckDB cannot give are its error, after those that it could', async () => {
  const { text, left } = await streamed(
    "select case when i = 250_000 then error('no more') else i end from range(300_000) as r(i)",
  );
  expect({ text, left }).toEqual({ text: expect.stringContaining('no more'), left: [] });
});

test('rows are read before the last is written, and where they are refused no more are', async () => {
  const refused = async (pieces: AsyncIterable<Buffer>): Promise<string> => {
    for await (const piece of pieces) throw new Error(`refused ${piece.toString('utf8', 0, 3)}`);
    return '';
  };
  const endless = 'select i from range(1_000_000_000_000_000) as r(i)';
  expect(await streamed(endless, { work: refused })).toMatchObject({ text: 'Error: refused 0\n1', left: [] });
});
