import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from '../../../../src/duckdb/connection.ts';
import { Database } from '../../../../src/duckdb/database.ts';
import { quotedIdentifier, quotedString } from '../../../../src/duckdb/quote.ts';
import type { TextRow, TextTables } from '../test-destination.ts';
import { asText } from './read-attached.ts';

/** Every table of a dataset in dlt's layout. */
export async function readFiles(folder: string): Promise<TextTables> {
  const tables: Record<string, TextRow[]> = {};
  const database = await Database.open({ tempDirectory: folder, threads: 1 });
  try {
    const connection = await database.connect();
    await connection.run(`set timezone = 'UTC'`);
    for (const { name } of (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory())) {
      const files = await readdir(join(folder, name));
      if (files.some((file) => file.endsWith('.parquet')))
        tables[name] = await parquetRows(connection, join(folder, name, '*.parquet'));
      else tables[name] = await lines(files.map((file) => join(folder, name, file)));
    }
  } finally {
    database.close();
  }
  return tables;
}

// --- internal ---

async function parquetRows(connection: Connection, files: string): Promise<TextRow[]> {
  const from = `read_parquet(${quotedString(files)}, union_by_name = true)`;
  const columns = await connection.rows(`describe select * from ${from}`);
  const select = columns.map(({ column_name, column_type }) =>
    asText(quotedIdentifier(String(column_name)), String(column_type)),
  );
  const rows = await connection.rows(`select ${select.join(', ')} from ${from}`);
  return rows.map(textRow);
}

/** Of the books. */
async function lines(files: readonly string[]): Promise<TextRow[]> {
  const texts = await Promise.all(
    files.filter((file) => file.endsWith('.jsonl')).map((file) => readFile(file, 'utf8')),
  );
  return texts.flatMap((text) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => bookRow(JSON.parse(line))),
  );
}

function textRow(row: Readonly<Record<string, unknown>>): TextRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)]));
}

/** Books write times as ISO 8601 has them, and JSON as a part of the line. */
function bookRow(row: Readonly<Record<string, unknown>>): TextRow {
  const plain = (name: string, value: unknown) => {
    if (value === null) return null;
    if (name === 'record' || name === 'source_row') return JSON.stringify(value);
    return name.endsWith('_at')
      ? String(value)
          .replace('T', ' ')
          .replace(/(Z|[+]00(:00)?)$/, '')
      : String(value);
  };
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(name, value)]));
}
