import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from '../../../../src/duckdb/connection.ts';
import { Database } from '../../../../src/duckdb/database.ts';
import { quotedIdentifier, quotedString } from '../../../../src/duckdb/quote.ts';
import type { TextRow, TextTables } from '../test-destination.ts';
import { asText } from './read-attached.ts';

/** Every Delta table of a folder, by their logs: what they hold is asked of nobody. */
export async function readDelta(folder: string): Promise<TextTables> {
  const database = await Database.open({ tempDirectory: folder, threads: 1 });
  try {
    const connection = await database.connect();
    await connection.run(`set timezone = 'UTC'`);
    const tables: Record<string, readonly TextRow[]> = {};
    for (const name of await namesIn(folder)) tables[name] = await rowsOf(connection, join(folder, name));
    return tables;
  } finally {
    database.close();
  }
}

// --- internal ---

/** A line of a log: https://github.com/delta-io/delta/blob/master/PROTOCOL.md#actions */
interface Action {
  readonly add?: { readonly path: string; readonly deletionVector?: object };
  readonly remove?: { readonly path: string };
  readonly metaData?: { readonly schemaString: string; readonly configuration: Readonly<Record<string, string>> };
}

async function namesIn(folder: string): Promise<string[]> {
  const found = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return found.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function rowsOf(connection: Connection, folder: string): Promise<TextRow[]> {
  const { columns, files } = await newestOf(join(folder, '_delta_log'));
  if (files.length === 0) return [];
  const paths = files.map((file) => quotedString(join(folder, decodeURIComponent(file))));
  const from = `read_parquet([${paths.join(', ')}], union_by_name = true)`;
  const found = await connection.rows(`describe select * from ${from}`);
  const types = new Map(found.map(({ column_name, column_type }) => [String(column_name), String(column_type)]));
  const select = columns.map((name) => {
    const type = types.get(name);
    return type === undefined ? `null as ${quotedIdentifier(name)}` : asText(quotedIdentifier(name), type);
  });
  const rows = await connection.rows(`select ${select.join(', ')} from ${from}`);
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)])),
  );
}

/** What the newest version of a table is made of. */
async function newestOf(log: string): Promise<{ columns: readonly string[]; files: readonly string[] }> {
  const files = new Set<string>();
  let columns: readonly string[] = [];
  const all = await readdir(log);
  if (all.some((name) => name.includes('.checkpoint.'))) throw new Error(`${log} has a checkpoint`);
  for (const name of all.filter((one) => /^\d+\.json$/.test(one)).sort()) {
    for (const { add, remove, metaData } of actionsOf(await readFile(join(log, name), 'utf8'))) {
      if (remove !== undefined) files.delete(remove.path);
      if (add?.deletionVector !== undefined) throw new Error(`${log} has deletion vectors`);
      if (add !== undefined) files.add(add.path);
      if (metaData !== undefined) columns = columnsOf(metaData);
    }
  }
  return { columns, files: [...files] };
}

function actionsOf(text: string): Action[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

function columnsOf({ schemaString, configuration }: NonNullable<Action['metaData']>): string[] {
  if ((configuration['delta.columnMapping.mode'] ?? 'none') !== 'none') throw new Error('columns have other names');
  const { fields }: { fields: readonly { readonly name: string }[] } = JSON.parse(schemaString);
  return fields.map(({ name }) => name);
}
