import type { Connection } from '../duckdb/connection.ts';
import { qualifiedName } from '../duckdb/quote.ts';
import { BOOKS, PACKAGE, type PackageInfo, type PackageResource, type PackageTable } from './layout.ts';

const info = qualifiedName(PACKAGE, BOOKS, 'info');
const tables = qualifiedName(PACKAGE, BOOKS, 'tables');
const resources = qualifiedName(PACKAGE, BOOKS, 'resources');

export async function createBooks(connection: Connection): Promise<void> {
  await connection.run(`create schema ${qualifiedName(PACKAGE, BOOKS)}`);
  await connection.run(`create table ${info} (name varchar primary key, value varchar not null)`);
  await connection.run(`create table ${tables} (table_name varchar primary key, document varchar not null)`);
  await connection.run(`create table ${resources} (resource varchar primary key, document varchar not null)`);
}

export async function writeInfo(connection: Connection, values: PackageInfo): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    await connection.run(`insert or replace into ${info} values (?, ?)`, [name, JSON.stringify(value)]);
  }
}

export async function writeStatus(connection: Connection, status: PackageInfo['status']): Promise<void> {
  await connection.run(`insert or replace into ${info} values ('status', ?)`, [JSON.stringify(status)]);
}

export async function writeTable(connection: Connection, name: string, document: string): Promise<void> {
  await connection.run(`insert or replace into ${tables} values (?, ?)`, [name, document]);
}

export async function writeResource(connection: Connection, name: string, document: string): Promise<void> {
  await connection.run(`insert or replace into ${resources} values (?, ?)`, [name, document]);
}

/** Undefined when the file is no load package, or one that was never begun properly. */
export async function readInfo(connection: Connection): Promise<PackageInfo | undefined> {
  if (!(await hasBooks(connection))) return undefined;
  const rows = await connection.rows(`select name, value from ${info}`);
  const values = Object.fromEntries(rows.map(({ name, value }) => [String(name), JSON.parse(String(value))]));
  return isPackageInfo(values) ? values : undefined;
}

export async function readTables(connection: Connection): Promise<PackageTable[]> {
  const rows = await connection.rows(`select document from ${tables} order by rowid`);
  return rows.map(({ document }): PackageTable => JSON.parse(String(document)));
}

export async function readResources(connection: Connection): Promise<PackageResource[]> {
  const rows = await connection.rows(`select document from ${resources} order by rowid`);
  return rows.map(({ document }): PackageResource => JSON.parse(String(document)));
}

async function hasBooks(connection: Connection): Promise<boolean> {
  const row = await connection.row(
    `select 1 from duckdb_tables() where database_name = ? and schema_name = ? and table_name = 'info'`,
    [PACKAGE, BOOKS],
  );
  return row !== undefined;
}

function isPackageInfo(values: Record<string, unknown>): values is Record<string, unknown> & PackageInfo {
  return (
    typeof values.load_id === 'string' &&
    typeof values.config_hash === 'string' &&
    typeof values.created_at === 'number' &&
    (values.status === 'extracting' || values.status === 'extracted')
  );
}
