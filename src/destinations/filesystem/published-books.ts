import { STATE_TABLE, VERSION_TABLE } from '../../schema/names.ts';
import { parseStoredSchema } from '../../schema/stored-schema.ts';
import type { StoredSchema } from '../../schema/table-schema.ts';
import { type BookFile, type BookRow, bookFiles, hexOf, type Marker, readMarkers, readRow } from './book-files.ts';
import type { ObjectStore } from './object-store.ts';

/** What the books of a dataset of files say, of loads that are complete. */
export interface PublishedBooks {
  /** The oldest first. */
  readonly markers: readonly Marker[];
  /** The newest of each schema. */
  readonly schemas: readonly PublishedSchema[];
}

interface PublishedSchema {
  readonly schema: StoredSchema;
  readonly row: BookRow;
}

export async function readPublishedBooks(store: ObjectStore): Promise<PublishedBooks> {
  const markers = await readMarkers(store);
  const versions = await bookFiles(store, VERSION_TABLE);
  const schemas: PublishedSchema[] = [];
  for (const { key, schemaName } of newestOfEach(markers)) {
    const hash = hexOf((await readRow(store, key))?.text('schema_version_hash') ?? '');
    const own = versions.filter(({ name }) => name === schemaName);
    const file = own.find((version) => version.hash === hash) ?? own[0];
    const row = file && (await readRow(store, file.key));
    if (row !== undefined) schemas.push({ row, schema: parseStoredSchema(row.text('schema')) });
  }
  return { markers, schemas };
}

/** The newest state of a pipeline. */
export async function readNewestState(
  store: ObjectStore,
  markers: readonly Marker[],
  pipelineName: string,
): Promise<BookRow | undefined> {
  const [newest] = await stateFiles(store, markers, pipelineName);
  return newest === undefined ? undefined : readRow(store, newest.key);
}

/** Of complete loads, the newest first. */
export async function stateFiles(
  store: ObjectStore,
  markers: readonly Marker[],
  pipelineName: string,
): Promise<readonly BookFile[]> {
  const orders = new Map(markers.map(({ loadId, order }) => [loadId, order]));
  const files = await bookFiles(store, STATE_TABLE);
  return files
    .flatMap((file) => {
      const order = file.name === pipelineName ? orders.get(file.loadId) : undefined;
      return order === undefined ? [] : [{ file, order }];
    })
    .sort((one, other) => (one.order < other.order ? 1 : -1))
    .map(({ file }) => file);
}

export function loadIdsOf(markers: readonly Marker[]): ReadonlySet<string> {
  return new Set(markers.map(({ loadId }) => loadId));
}

// --- internal ---

function newestOfEach(markers: readonly Marker[]): Marker[] {
  return [...new Map(markers.map((marker) => [marker.schemaName, marker])).values()];
}
