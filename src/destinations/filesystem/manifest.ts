import type { Marker } from './book-files.ts';
import { recordTables } from './dataset-shells.ts';
import { rowsIn } from './export-tables.ts';
import type { FilesPlace } from './files-place.ts';
import { inParallel } from './in-parallel.ts';
import { readPublishedBooks } from './published-books.ts';
import type { TableFiles } from './table-files.ts';

const FOLDER = '_elt_manifest';
/** Of the loads before; their readers may still be reading. */
const KEPT = 10;

/**
 * `_elt_manifest/<load_id>.json`: every file of every table as of that load. It is there whole or not at all, and so are, for who
 * reads the newest one alone, all tables of a load. One that is there stays.
 */
export async function writeManifest(
  { store }: FilesPlace,
  markers: readonly Marker[],
  files: TableFiles,
): Promise<void> {
  const newest = markers.at(-1);
  if (newest === undefined) return;
  const key = `${FOLDER}/${newest.order.replace(' ', '_')}.json`;
  const there = (await store.list(`${FOLDER}/`)).map((object) => object.key).sort();
  if (there.includes(key)) return;
  const { schemas } = await readPublishedBooks(store);
  const names = recordTables(schemas.map(({ schema }) => schema)).map(({ name }) => name);
  const listed = await inParallel(names, async (name) => [name, (await files.current(name)).map(entry)] as const);
  const manifest = { load_id: newest.loadId, schema_name: newest.schemaName, tables: Object.fromEntries(listed) };
  await store.put(key, JSON.stringify(manifest), { ifAbsent: true });
  await inParallel(there.slice(0, Math.max(0, there.length + 1 - KEPT)), (old) => store.delete(old));
}

// --- internal ---

/** Paths are relative to the folder of the dataset. */
function entry({ key, bytes }: { readonly key: string; readonly bytes: number }) {
  const rows = rowsIn(key);
  return { path: key, bytes, ...(rows !== undefined && { rows }) };
}
