import type { Connection } from '../../../duckdb/connection.ts';
import { Database } from '../../../duckdb/database.ts';
import { fileError, inUseHere, openFileError } from '../../../duckdb/file-errors.ts';
import { holdWhenFree, type Release, realFilePath } from '../../../duckdb/held-files.ts';
import { regularFile } from '../../../duckdb/regular-file.ts';
import { PipelineError } from '../../../errors.ts';
import type { DatasetNames } from '../../../load/stored-dataset.ts';
import type { DatasetDifference, TableDifference } from '../../../load/table-difference.ts';
import { didYouMean } from '../../../text/nearest.ts';
import { readDataset } from '../../attached/read-dataset.ts';
import { AFTER, BEFORE, diffTable } from './diff-table.ts';

/** A run of this process uses the live file for an instant. */
const WAIT_MS = 60_000;

export interface DiffedFiles {
  /** Absolute paths of DuckDB files. */
  readonly before: string;
  readonly after: string;
  readonly names: DatasetNames;
  /** Only this one. */
  readonly table?: string | undefined;
  /** Rows of a sample. */
  readonly limit: number;
}

/**
 * What differs between a dataset in two files, which are opened read-only.
 *
 * @throws PipelineError UsageInvalid: one file twice, no such table; what opening throws
 */
export async function diffFiles(files: DiffedFiles): Promise<DatasetDifference> {
  const { before, after } = files;
  if (realFilePath(before) === realFilePath(after)) throw sameFile(before);
  const database = await Database.open();
  const releases: Release[] = [];
  try {
    for (const [path, alias] of [
      [before, BEFORE],
      [after, AFTER],
    ] as const) {
      const release = await holdWhenFree(path, 'shared', WAIT_MS);
      if (release === undefined) throw inUseHere(path);
      releases.push(release);
      await attach(database, path, alias);
    }
    return await diff(await database.connect(), files);
  } catch (error) {
    throw openFileError(error, before) ?? error;
  } finally {
    database.close();
    for (const release of releases) release();
  }
}

// --- internal ---

async function attach(database: Database, path: string, alias: string): Promise<void> {
  try {
    regularFile(path);
    await database.attach(path, alias, { readOnly: true });
  } catch (error) {
    throw fileError(error, path);
  }
}

async function diff(connection: Connection, files: DiffedFiles): Promise<DatasetDifference> {
  const { names, table: only, limit } = files;
  const [before, after] = [await readDataset(connection, BEFORE, names), await readDataset(connection, AFTER, names)];
  const isShown = (name: string) => !/^_(dlt|elt)_/.test(name) && (only === undefined || name === only.toLowerCase());
  const [old, now] = [
    [...before.tables.keys()].filter(isShown).sort(),
    [...after.tables.keys()].filter(isShown).sort(),
  ];
  if (only !== undefined && old.length + now.length === 0)
    throw tableMissing(only, [...new Set([...before.tables.keys(), ...after.tables.keys()])]);
  const tables: TableDifference[] = [];
  for (const name of old) {
    const [one, other] = [before.tables.get(name), after.tables.get(name)];
    if (one === undefined || other === undefined) continue;
    const columns = (after.schema ?? before.schema)?.tables[name]?.columns ?? {};
    const primaryKey = Object.values(columns).flatMap((column) => (column.primary_key === true ? [column.name] : []));
    tables.push(await diffTable(connection, { dataset: names.dataset, before: one, after: other, primaryKey, limit }));
  }
  const different = tables.filter(isDifferent);
  return {
    before: files.before,
    after: files.after,
    tables: different,
    tablesAdded: now.filter((name) => !old.includes(name)),
    tablesRemoved: old.filter((name) => !now.includes(name)),
    same: tables.length - different.length,
  };
}

function isDifferent({ added, removed, changed, columnsAdded, columnsRemoved }: TableDifference): boolean {
  return added + removed + changed + columnsAdded.length + columnsRemoved.length > 0;
}

function sameFile(path: string): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `Both are one file, ${path}.`,
    hint: 'Name a snapshot: dezgo-elt snapshots list',
    facts: { path },
  });
}

function tableMissing(table: string, there: readonly string[]): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `Neither has a table \`${table}\`${didYouMean(table, there) || '.'}`,
    hint: 'Leave `--table` out to see all of them.',
    facts: { table, tables: there },
  });
}
