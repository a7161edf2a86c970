import { buffer } from 'node:stream/consumers';
import { PipelineError } from '../../errors.ts';
import { LOADS_TABLE, type STATE_TABLE, type VERSION_TABLE } from '../../schema/names.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';

/** The first file of a dataset: dlt's version of its layout. */
export const INIT = 'init';
export const INIT_TEXT = '{"initial_version":2,"current_version":2}';

/** A load that is complete. */
export interface Marker {
  readonly key: string;
  readonly loadId: string;
  readonly schemaName: string;
  /** Sorts as loads were published: the load id, mostly. */
  readonly order: string;
}

/** Loads that were published after one that began later, as names of files: what is last is not told by load ids then. */
const LATE = '_elt_late';

/** A file of `_dlt_version` or `_dlt_pipeline_state`. */
export interface BookFile {
  readonly key: string;
  readonly loadId: string;
  /** Of the schema, or the pipeline. */
  readonly name: string;
  /** Of the schema document, in hexadecimal digits. */
  readonly hash: string;
}

export function markerKey(schemaName: string, loadId: string): string {
  return `${LOADS_TABLE}/${fileNameOf(schemaName)}__${loadId}.jsonl`;
}

/** @param hash base64, as in the schema document */
export function bookKey(table: string, name: string, loadId: string, hash: string): string {
  return `${table}/${fileNameOf(name)}__${loadId}__${hexOf(hash)}.jsonl`;
}

/** A source can have any name; dlt allows itself only those that stay as they are. */
export function fileNameOf(name: string): string {
  return name.replace(/[%/\\]|\p{C}/gu, encodeURIComponent).replace(/^\./, '%2E');
}

function nameIn(fileName: string): string {
  return fileName.replace(/(?:%[\dA-F]{2})+/g, decodeURIComponent);
}

/** A hash as names of files have it. */
export function hexOf(hash: string): string {
  return Buffer.from(hash, 'base64').toString('hex');
}

/** Complete loads, the first that was published first. */
export async function readMarkers(store: ObjectStore): Promise<readonly Marker[]> {
  const markers = await store.list(`${LOADS_TABLE}/`);
  const late = ordersOf(await store.list(`${LATE}/`)); // they are put before their markers
  const found = markers.flatMap(({ key }) => markerOf(key, late) ?? []);
  return found.sort((one, other) => (one.order < other.order ? -1 : 1));
}

/** What has to be there before the marker of a load that began before the newest one; undefined for any other. */
export function lateKey(loadId: string, published: readonly Marker[]): string | undefined {
  const newest = published.at(-1)?.order ?? '';
  if (newest < loadId) return undefined;
  const [after] = newest.split(' ', 1);
  return `${LATE}/${loadId}__${after}__${String(published.length).padStart(9, '0')}.json`;
}

function ordersOf(objects: readonly StoredObject[]): ReadonlyMap<string, string> {
  const orders = new Map<string, string>();
  for (const { key } of objects) {
    const [, loadId, after, count] = /^\w+\/(\d+\.\d+)__(\d+\.\d+)__(\d+)\.json$/.exec(key) ?? [];
    const order = `${after} ${count}`;
    if (loadId !== undefined && order > (orders.get(loadId) ?? '')) orders.set(loadId, order);
  }
  return orders;
}

function markerOf(key: string, late: ReadonlyMap<string, string>): Marker | undefined {
  const [, schemaName, loadId] = /^_dlt_loads\/(.+)__(\d+\.\d+)\.jsonl$/.exec(key) ?? [];
  if (schemaName === undefined || loadId === undefined) return undefined;
  return { key, schemaName: nameIn(schemaName), loadId, order: late.get(loadId) ?? loadId };
}

/** Of all loads, also of those that are not complete; the newest first. dlt gives those of `_dlt_version` ids of no load. */
export async function bookFiles(
  store: ObjectStore,
  table: typeof VERSION_TABLE | typeof STATE_TABLE,
): Promise<readonly BookFile[]> {
  const found = (await store.list(`${table}/`)).flatMap(({ key }) => {
    const [, name, loadId, hash] = /^\w+\/(.+)__(\d+\.\d+)__([^/]*)\.jsonl$/.exec(key) ?? [];
    return name === undefined || loadId === undefined || hash === undefined
      ? []
      : [{ key, name: nameIn(name), loadId, hash }];
  });
  return found.sort((one, other) => (one.loadId < other.loadId ? 1 : -1));
}

/** The one row of a book's file, as JSON has it; undefined where the file is gone. */
export async function readRow(store: ObjectStore, key: string): Promise<BookRow | undefined> {
  const file = await store.get(key);
  if (file === undefined) return undefined;
  const text = (await buffer(file)).toString('utf8');
  try {
    const row: unknown = JSON.parse(text);
    if (row instanceof Object) return new BookRow(row);
  } catch {}
  throw new PipelineError({
    code: 'DestinationUnreadable',
    message: `${store.location}/${key} is no row of JSON: it is damaged, or half a file.`,
    hint: 'Restore it from a backup; or remove it, and what is known begins with the file before.',
    facts: { location: store.location, key },
  });
}

/** Columns by name. */
export class BookRow {
  readonly #row: object;

  constructor(row: object) {
    this.#row = row;
  }

  text(column: string): string {
    const value: unknown = Reflect.get(this.#row, column);
    return value === undefined || value === null ? '' : String(value);
  }

  number(column: string): number {
    return Number(this.text(column));
  }

  texts(column: string): string[] {
    const value: unknown = Reflect.get(this.#row, column);
    return Array.isArray(value) ? value.map(String) : [];
  }
}
