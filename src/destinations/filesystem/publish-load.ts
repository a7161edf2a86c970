import type { Row } from '../../duckdb/connection.ts';
import { PipelineError } from '../../errors.ts';
import type { Catalogue } from '../../load/catalogue.ts';
import type { DatasetNames } from '../../load/stored-dataset.ts';
import { type Target, targetTable } from '../../load/target.ts';
import { LOADS_TABLE, STATE_TABLE, VERSION_TABLE } from '../../schema/names.ts';
import { bookKey, fileNameOf, INIT, INIT_TEXT, lateKey, markerKey, readMarkers, readRow } from './book-files.ts';
import { exportBook, exportTable, fileId } from './export-tables.ts';
import type { FileLayout } from './file-layout.ts';
import type { ObjectStore } from './object-store.ts';
import type { PublishedBooks } from './published-books.ts';
import { isOwnBook, replacedKey, TableFiles } from './table-files.ts';

export interface DraftedLoad {
  /** Holds the rows of the load, and its books. */
  readonly draft: Target;
  readonly tables: Catalogue;
  readonly loadId: string;
  readonly names: DatasetNames;
  /** Tables whose files of earlier loads are published no more. */
  readonly replaced: readonly string[];
  /** What the load began with. */
  readonly published: PublishedBooks;
  /** When the load package was begun, milliseconds since 1970. */
  readonly begun: number;
  /** For files on their way. */
  readonly folder: string;
}

/**
 * Puts the files of a load, its marker last: readers look at files of marked loads alone.
 *
 * @returns false: others published since the load began, and nothing of this one can be seen
 */
export async function publishLoad(store: ObjectStore, layout: FileLayout, load: DraftedLoad): Promise<boolean> {
  const { draft, loadId, names } = load;
  await store.put(INIT, INIT_TEXT, { ifAbsent: true });
  await putTables(store, layout, load);
  await putBooks(store, load);
  const outdated = await filesOf(store, layout, load);
  if (outdated.length > 0) await store.put(replacedKey(loadId), JSON.stringify({ files: outdated }));
  const now = (await readMarkers(store)).map((marker) => marker.loadId);
  if (now.join() !== load.published.markers.map((marker) => marker.loadId).join()) return false;
  const late = lateKey(loadId, load.published.markers);
  if (late !== undefined) await store.put(late, '{}');
  const row = await soleRow(draft, LOADS_TABLE, 'load_id', loadId);
  const marker = JSON.stringify({ ...row, status: 0 });
  const key = markerKey(names.schemaName, loadId);
  if (await store.put(key, marker, { ifAbsent: true })) return true;
  // The answer to a marker that was put got lost, and it was put again.
  const found = await readRow(store, key);
  return found?.text('inserted_at') === row?.inserted_at;
}

// --- internal ---

/** What is published of the tables that the load replaces. */
async function filesOf(
  store: ObjectStore,
  layout: FileLayout,
  { published, replaced }: DraftedLoad,
): Promise<string[]> {
  if (replaced.length === 0) return [];
  const files = await TableFiles.open(store, layout, published.markers);
  const current = await Promise.all(replaced.map((table) => files.current(table)));
  return current.flat().map(({ key }) => key);
}

async function putTables(store: ObjectStore, layout: FileLayout, load: DraftedLoad): Promise<void> {
  const { draft, loadId, names, replaced, folder, begun } = load;
  for (const table of load.tables.values()) {
    const { name } = table;
    if (name.startsWith('_dlt_')) continue;
    const exported = isOwnBook(name) ? await exportBook(draft, name, folder) : await exportTable(draft, table, folder);
    if (exported.rows === 0 && !replaced.includes(name)) continue;
    const parts = { table: name, schemaName: names.schemaName, loadId, time: begun };
    const key = isOwnBook(name)
      ? `${name}/${fileNameOf(names.schemaName)}__${loadId}.jsonl`
      : layout.keyOf({ ...parts, fileId: fileId(exported, loadId), ext: 'parquet' });
    await store.put(key, { file: exported.path });
  }
}

/** dlt's: the schema document and the state, where the load changed them. */
async function putBooks(store: ObjectStore, { draft, loadId, names, published }: DraftedLoad): Promise<void> {
  const { schemaName, pipelineName } = names;
  const version = await soleRow(draft, VERSION_TABLE, 'schema_name', schemaName);
  if (version === undefined) throw nothingDrafted(loadId);
  const hash = String(version.version_hash);
  if (published.schemas.every(({ schema }) => schema.name !== schemaName || schema.version_hash !== hash))
    await store.put(bookKey(VERSION_TABLE, schemaName, loadId, hash), JSON.stringify(version));
  const state = await soleRow(draft, STATE_TABLE, '_dlt_load_id', loadId);
  if (state === undefined) return;
  const { _dlt_id: _, ...row } = state;
  await store.put(bookKey(STATE_TABLE, pipelineName, loadId, hash), JSON.stringify(row));
}

type JsonRow = Readonly<Record<string, string | number>>;

/** The last one; times as ISO 8601. */
async function soleRow(draft: Target, table: string, column: string, value: string): Promise<JsonRow | undefined> {
  const rows = await draft.connection.rows(
    `from ${targetTable(draft, table)} where ${column} = ? order by rowid desc limit 1`,
    [value],
  );
  return rows.map(jsonRow)[0];
}

function jsonRow(row: Row): JsonRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (typeof value === 'bigint') return [name, Number(value)];
      const text = String(value);
      return [name, /_at$/.test(name) ? text.replace(' ', 'T').replace(/\+00$/, '+00:00') : text];
    }),
  );
}

function nothingDrafted(loadId: string): PipelineError {
  return new PipelineError({
    code: 'Internal',
    message: `Load ${loadId} has no schema document.`,
    hint: 'This is a defect of dezgo-elt. Nothing was published.',
    facts: { loadId },
  });
}
