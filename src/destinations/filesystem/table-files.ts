import { PipelineError } from '../../errors.ts';
import { isBookTable, REQUESTS_TABLE, VERSION_TABLE } from '../../schema/names.ts';
import type { Marker } from './book-files.ts';
import { readRow } from './book-files.ts';
import type { FileLayout } from './file-layout.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';

/** Which files a load took the place of, as long as they may be there: `{"files": ["models/….parquet"]}`. */
const REPLACED = '_elt_replaced';

/** A file that is published. */
export interface TableFile extends StoredObject {
  readonly loadId: string;
  /** `parquet`, `jsonl`, `jsonl.gz`, … */
  readonly ext: string;
}

export function replacedKey(loadId: string): string {
  return `${REPLACED}/${loadId}.json`;
}

/** Finds the files of tables in the folder of a dataset. */
export class TableFiles {
  readonly #store: ObjectStore;
  readonly #layout: FileLayout;
  readonly #markers: ReadonlyMap<string, Marker>;
  /** Keys of files that a complete load took the place of. */
  readonly outdated: ReadonlySet<string>;
  /** Loads of which such files may still be there. */
  readonly replacing: readonly string[];

  private constructor(
    store: ObjectStore,
    layout: FileLayout,
    markers: ReadonlyMap<string, Marker>,
    outdated: ReadonlySet<string>,
    replacing: readonly string[],
  ) {
    this.#store = store;
    this.#layout = layout;
    this.#markers = markers;
    this.outdated = outdated;
    this.replacing = replacing;
  }

  static async open(store: ObjectStore, layout: FileLayout, markers: readonly Marker[]): Promise<TableFiles> {
    const byId = new Map(markers.map((marker) => [marker.loadId, marker]));
    const outdated = new Set<string>();
    const replacing: string[] = [];
    for (const { key } of await store.list(`${REPLACED}/`)) {
      const loadId = /^\w+\/(\d+\.\d+)\.json$/.exec(key)?.[1] ?? '';
      if (!byId.has(loadId)) continue;
      replacing.push(loadId);
      for (const file of (await readRow(store, key))?.texts('files') ?? []) outdated.add(file);
    }
    return new TableFiles(store, layout, byId, outdated, replacing);
  }

  /** What is published of a table, the oldest load first. */
  async current(table: string): Promise<readonly TableFile[]> {
    return (await this.#complete(table)).filter(({ key }) => !this.outdated.has(key));
  }

  async #complete(table: string): Promise<readonly TableFile[]> {
    const files = isOwnBook(table) ? await this.#bookFiles(table) : await this.#filesOf(table);
    return files.sort((one, other) => (one.loadId < other.loadId ? -1 : 1));
  }

  /** By the layout. Several schemas can have files of one table. */
  async #filesOf(table: string): Promise<TableFile[]> {
    const schemas = new Set([...this.#markers.values()].map(({ schemaName }) => schemaName));
    const found = new Map<string, TableFile>();
    const prefixes = new Map([...schemas].map((schema) => [this.#layout.prefixOf(table, schema), schema]));
    for (const [prefix, schemaName] of prefixes) {
      for (const object of await this.#store.list(prefix)) {
        const owner = this.#layout.ownerOf(object.key, table, schemaName);
        if (owner !== undefined && this.#markers.has(owner.loadId)) found.set(object.key, { ...object, ...owner });
      }
    }
    return [...found.values()];
  }

  async #bookFiles(table: string): Promise<TableFile[]> {
    return (await this.#store.list(`${table}/`)).flatMap((object) => {
      const [, loadId = ''] = /__(\d+\.\d+)(?:__[^/]*)?\.jsonl$/.exec(object.key) ?? [];
      return this.#markers.has(loadId) || (loadId !== '' && table === VERSION_TABLE)
        ? [{ ...object, loadId, ext: 'jsonl' }]
        : [];
    });
  }
}

/** Those of the books that have a form of their own, and no layout. */
export function isOwnBook(table: string): boolean {
  return isBookTable(table) && table !== REQUESTS_TABLE;
}

export function unreadableFormat(table: string, { key, ext }: TableFile): PipelineError {
  return new PipelineError({
    code: 'DestinationUnreadable',
    message: `Table \`${table}\` has a file that is neither Parquet nor lines of JSON: ${key}`,
    hint: "Let dlt write Parquet: `loader_file_format='parquet'` of its `run`.",
    facts: { table, key, ext },
  });
}
