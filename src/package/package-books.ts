import type { Connection, Parameters } from '../duckdb/connection.ts';
import { qualifiedName } from '../duckdb/quote.ts';
import { jsonText } from '../json/json-text.ts';
import {
  BOOKS,
  PACKAGE,
  type PackageChain,
  type PackageInfo,
  type PackageResource,
  type PackageTable,
  type ParentRecord,
  type RejectedRecord,
} from './layout.ts';

const info = qualifiedName(PACKAGE, BOOKS, 'info');
const tables = qualifiedName(PACKAGE, BOOKS, 'tables');
const chains = qualifiedName(PACKAGE, BOOKS, 'chains');
const parents = qualifiedName(PACKAGE, BOOKS, 'parents');
const rejected = qualifiedName(PACKAGE, BOOKS, 'rejected');
const resources = qualifiedName(PACKAGE, BOOKS, 'resources');

export async function createBooks(connection: Connection): Promise<void> {
  await connection.run(`create schema ${qualifiedName(PACKAGE, BOOKS)}`);
  await connection.run(`create table ${info} (document varchar not null, status varchar not null)`);
  await connection.run(
    `create table ${tables} (resource varchar not null, place integer not null, table_name varchar not null, document varchar not null)`,
  );
  await connection.run(
    `create table ${resources} (resource varchar not null, place integer not null, document varchar not null)`,
  );
  await connection.run(
    `create table ${chains} (resource varchar not null, number integer not null, document varchar not null)`,
  );
  await connection.run(`create table ${parents} (resource varchar not null, document varchar not null)`);
  await connection.run(
    `create table ${rejected} (table_name varchar not null, column_name varchar, reason varchar not null, record varchar not null, source_row varchar)`,
  );
}

export async function writeInfo(connection: Connection, { status, ...document }: PackageInfo): Promise<void> {
  await connection.run(`insert into ${info} values (?, ?)`, [JSON.stringify(document), status]);
}

export async function writeStatus(connection: Connection, status: PackageInfo['status']): Promise<void> {
  await connection.run(`update ${info} set status = ?`, [status]);
}

/** All tables of some resources, in their order; what was written of these resources before goes. */
export async function writeTables(connection: Connection, documents: readonly PackageTable[]): Promise<void> {
  const rows = documents.map((table, place) => [table.resource, place, table.schema.name, JSON.stringify(table)]);
  await replaceRows(connection, tables, rows);
}

export async function writeResources(connection: Connection, documents: readonly PackageResource[]): Promise<void> {
  const rows = documents.map((document) => [document.resource, document.place, JSON.stringify(document)]);
  await replaceRows(connection, resources, rows);
}

/** Rows of one insert, as one JSON text. */
const ROWS_AT_ONCE = 1000;

/** Instead of those that the resource had. */
export async function writeChains(
  connection: Connection,
  resource: string,
  documents: readonly PackageChain[],
): Promise<void> {
  await connection.run(`delete from ${chains} where resource = $1`, [resource]);
  for (let from = 0; from < documents.length; from += ROWS_AT_ONCE) {
    await connection.run(
      `insert into ${chains} select $1, $2::integer + key::integer, value::varchar from json_each($3::json)`,
      [resource, from, JSON.stringify(documents.slice(from, from + ROWS_AT_ONCE))],
    );
  }
}

/** Behind those that the resource has. */
export async function insertParents(
  connection: Connection,
  of: string,
  records: readonly ParentRecord[],
): Promise<void> {
  for (let from = 0; from < records.length; from += ROWS_AT_ONCE) {
    const texts = records.slice(from, from + ROWS_AT_ONCE).map((record) => jsonText(record));
    await connection.run(`insert into ${parents} select $1, value->>'$' from json_each($2::json)`, [
      of,
      JSON.stringify(texts),
    ]);
  }
}

/** In their order. */
export async function* readParents(connection: Connection, resource: string): AsyncGenerator<ParentRecord> {
  const rows = connection.stream(`select document from ${parents} where resource = $1 order by rowid`, [resource]);
  for await (const { document } of rows) {
    const text = String(document);
    const record: unknown = LONG_NUMBER.test(text) ? await exactJson(text) : JSON.parse(text);
    if (isParentRecord(record)) yield record;
  }
}

const LONG_NUMBER = /\d{16}/;

/** Integers beyond 2^53 and long fractions as they were. */
async function exactJson(text: string): Promise<unknown> {
  return (await import('../json/exact-json.ts')).parseExactJson(text, true);
}

function isParentRecord(value: unknown): value is ParentRecord {
  return typeof value === 'object' && value !== null && 'fields' in value;
}

/** Rows of one insert; each is five parameters. */
const REJECTED_AT_ONCE = 500;

export async function insertRejected(connection: Connection, records: readonly RejectedRecord[]): Promise<void> {
  for (let from = 0; from < records.length; from += REJECTED_AT_ONCE) {
    const some = records.slice(from, from + REJECTED_AT_ONCE);
    await connection.run(
      `insert into ${rejected} values ${some.map(() => '(?, ?, ?, ?, ?)').join(', ')}`,
      some.flatMap(({ table, column, reason, record, row }) => [table, column, reason, record, row]),
    );
  }
}

/** `rows`: each begins with its resource. Few statements: each costs milliseconds, and a cold run has few of those. */
async function replaceRows(connection: Connection, table: string, rows: readonly Parameters[]): Promise<void> {
  if (rows.length === 0) return;
  const replaced = [...new Set(rows.map(([resource]) => String(resource)))];
  await connection.run(`delete from ${table} where resource in (${placeholders(replaced)})`, replaced);
  const values = rows.map((row) => `(${placeholders(row)})`);
  await connection.run(`insert into ${table} values ${values.join(', ')}`, rows.flat());
}

function placeholders(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}

/** Undefined when the file is no load package, or one that was never begun properly. */
export async function readInfo(connection: Connection): Promise<PackageInfo | undefined> {
  try {
    const row = await connection.row(`select document, status from ${info}`);
    const values: unknown = row === undefined ? undefined : { ...JSON.parse(String(row.document)), status: row.status };
    return isPackageInfo(values) ? values : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * In the order of the resources, those of one in the order in which its records led to them: parents first. Books of an earlier
 * version know no places: as they were written.
 */
export async function readTables(connection: Connection): Promise<PackageTable[]> {
  const rows = await connection.rows(
    `select t.document from ${tables} as t left join ${resources} as r on r.resource = (t.document->>'resource')
     order by ${placeIn('r')}, ${placeIn('t')}, t.rowid`,
  );
  return rows.map(({ document }): PackageTable => JSON.parse(String(document)));
}

export async function readResources(connection: Connection): Promise<PackageResource[]> {
  const rows = await connection.rows(`select r.document from ${resources} as r order by ${placeIn('r')}, r.rowid`);
  return rows.map(({ document }): PackageResource => JSON.parse(String(document)));
}

/** The column `place`, or null where the table has none. */
function placeIn(row: string): string {
  return `(to_json(${row})->>'place')::integer`;
}

/** What a contract kept out of one table for one reason. */
export interface KeptOut {
  readonly table: string;
  readonly column: string | null;
  readonly reason: string;
  readonly count: number;
  /** JSON text of the first row, or value. */
  readonly first: string;
}

/** Of books of an earlier version, nothing. */
export async function readKeptOut(connection: Connection): Promise<KeptOut[]> {
  try {
    const rows = await connection.rows(
      `select table_name, column_name, reason, count(*) as count, first(record order by rowid) as first
       from ${rejected} group by all order by min(rowid)`,
    );
    return rows.map(({ table_name, column_name, reason, count, first }) => ({
      table: String(table_name),
      column: column_name === null ? null : String(column_name),
      reason: String(reason),
      count: Number(count),
      first: String(first),
    }));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

export async function readChains(connection: Connection, resource: string): Promise<PackageChain[]> {
  const documents: PackageChain[] = [];
  const rows = connection.stream(`select document from ${chains} where resource = $1 order by number`, [resource]);
  for await (const { document } of rows) documents.push(JSON.parse(String(document)));
  return documents;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && /(Catalog|Binder) Error/.test(error.message);
}

function isPackageInfo(values: unknown): values is PackageInfo {
  if (typeof values !== 'object' || values === null) return false;
  const { load_id, config_hash, created_at, status }: Partial<Record<keyof PackageInfo, unknown>> = values;
  return (
    typeof load_id === 'string' &&
    typeof config_hash === 'string' &&
    typeof created_at === 'number' &&
    (status === 'extracting' || status === 'extracted')
  );
}
