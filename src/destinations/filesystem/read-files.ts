import { type PlainRow, streamPlainRows } from '../../duckdb/plain-rows.ts';
import { qualifiedName } from '../../duckdb/quote.ts';
import { parsePlainJson } from '../../json/plain-json.ts';
import type { DatasetSummary } from '../../load/dataset-summary.ts';
import type { DatasetNames } from '../../load/stored-dataset.ts';
import { SCHEMA_CHANGES_TABLE } from '../../schema/names.ts';
import { isoTime } from '../../text/iso-time.ts';
import { readStoredChanges } from '../attached/stored-changes.ts';
import { requireTable } from '../attached/table-rows.ts';
import type { StateVersion, StoredBooks } from '../destination.ts';
import { type Marker, readMarkers, readRow } from './book-files.ts';
import { recordTables } from './dataset-shells.ts';
import type { FilesPlace } from './files-place.ts';
import { inParallel } from './in-parallel.ts';
import { OpenedFiles } from './opened-files.ts';
import { stateFiles } from './published-books.ts';

/** See `Destination.summary`. */
export async function summarizeFiles(
  place: FilesPlace,
  dataset: string,
  loads: number,
): Promise<DatasetSummary | undefined> {
  return reading(place, dataset, async (opened) => {
    const { markers, schemas } = opened.books;
    const byId = new Map(markers.map((marker) => [marker.loadId, marker]));
    const tables: DatasetSummary['tables'][number][] = [];
    for (const { name, parent } of recordTables(schemas.map(({ schema }) => schema))) {
      if (name.startsWith('_elt_')) continue;
      const newest = byId.get((await opened.files.tables.current(name)).at(-1)?.loadId ?? '');
      const loadedAt = newest === undefined || parent !== undefined ? null : (await loadOf(place, newest)).insertedAt;
      tables.push({ name, rows: await opened.count(name), loadedAt });
    }
    tables.sort((one, other) => (one.name < other.name ? -1 : 1));
    const last = loads === 0 ? [] : markers.slice(-loads).toReversed();
    return { loads: await inParallel(last, (marker) => loadOf(place, marker)), tables };
  });
}

/** See `Destination.states`. */
export async function readFileStates({ store }: FilesPlace, { pipelineName }: DatasetNames): Promise<StateVersion[]> {
  const files = await stateFiles(store, await readMarkers(store), pipelineName);
  const rows = await inParallel(files, async ({ key, loadId }) => ({ row: await readRow(store, key), loadId }));
  return rows.flatMap(({ row, loadId }) =>
    row === undefined
      ? []
      : [
          {
            version: row.number('version'),
            stored: row.text('state'),
            loadId,
            createdAt: isoOf(row.text('created_at')),
          },
        ],
  );
}

/** See `Destination.books`. */
export async function readFileBooks(place: FilesPlace, { dataset, schemaName }: DatasetNames): Promise<StoredBooks> {
  const books = await reading(place, dataset, async (opened) => {
    await opened.fill([SCHEMA_CHANGES_TABLE]);
    const schema = opened.books.schemas.find((one) => one.schema.name === schemaName)?.schema;
    return { schema, changes: await readStoredChanges(opened, dataset) };
  });
  return books ?? { schema: undefined, changes: [] };
}

/** See `Destination.rows`. */
export async function* fileRows(place: FilesPlace, dataset: string, table: string): AsyncGenerator<PlainRow> {
  const opened = await OpenedFiles.openIfThere(place, dataset);
  try {
    if (opened === undefined) return;
    await requireTable(opened, dataset, table);
    await opened.fill([table]);
    yield* streamPlainRows(opened.connection, `from ${qualifiedName(opened.catalog, dataset, table)}`, parsePlainJson);
  } catch (error) {
    throw opened?.tell(error) ?? error;
  } finally {
    opened?.close();
  }
}

// --- internal ---

async function reading<T>(
  place: FilesPlace,
  dataset: string,
  work: (opened: OpenedFiles) => Promise<T>,
): Promise<T | undefined> {
  const opened = await OpenedFiles.openIfThere(place, dataset);
  if (opened === undefined) return undefined;
  try {
    return await work(opened);
  } catch (error) {
    throw opened.tell(error);
  } finally {
    opened.close();
  }
}

async function loadOf({ store }: FilesPlace, { key, loadId }: Marker): Promise<DatasetSummary['loads'][number]> {
  const row = await readRow(store, key);
  return { loadId, insertedAt: isoOf(row?.text('inserted_at') ?? ''), status: row?.number('status') ?? 0 };
}

/** As every other time is told. */
function isoOf(text: string): string {
  return isoTime(Date.parse(text));
}
