import { createWriteStream, rmSync } from 'node:fs';
import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PipelineError } from '../../errors.ts';
import { bytesText } from '../../text/bytes.ts';
import { inParallel } from './in-parallel.ts';
import type { ObjectStore } from './object-store.ts';
import { type TableFile, type TableFiles, unreadableFormat } from './table-files.ts';
import { isReadable, type ReadableFile } from './table-select.ts';

/** Bytes that are fetched from a bucket. */
const MOST_FETCHED = 10e9;

/** Published files where DuckDB reads them: those of a bucket are fetched into a temporary folder, each once. */
export class FetchedFiles {
  readonly tables: TableFiles;
  readonly #store: ObjectStore;
  readonly #paths = new Map<string, string>();
  #folder: Promise<string> | undefined;
  #path: string | undefined;
  #bytes = 0;

  constructor(store: ObjectStore, tables: TableFiles) {
    this.#store = store;
    this.tables = tables;
  }

  /** @throws PipelineError DestinationFailed: they are too many to be fetched; DestinationUnreadable: files that DuckDB does not read */
  async of(table: string): Promise<ReadableFile[]> {
    const files = await this.tables.current(table);
    const bad = files.find(({ ext }) => !isReadable(ext));
    if (bad !== undefined) throw unreadableFormat(table, bad);
    const { pathOf } = this.#store;
    if (pathOf !== undefined) return files.map(({ key, ext }) => ({ path: pathOf(key), ext }));
    return inParallel(files, async (file) => ({ path: await this.#fetched(file), ext: file.ext }));
  }

  /** Where all that is read lies. */
  async folder(): Promise<string> {
    if (this.#store.pathOf !== undefined) return this.#store.location;
    this.#folder ??= realpath(tmpdir()).then((folder) => mkdtemp(join(folder, 'dezgo-elt-')));
    this.#path = await this.#folder;
    return this.#path;
  }

  close(): void {
    if (this.#path !== undefined) rmSync(this.#path, { recursive: true, force: true });
  }

  async #fetched({ key, bytes, ext }: TableFile): Promise<string> {
    const known = this.#paths.get(key);
    if (known !== undefined) return known;
    this.#bytes += bytes;
    if (this.#bytes > MOST_FETCHED) throw tooMuch(this.#store.location);
    const path = join(await this.folder(), `${this.#paths.size}.${ext}`);
    this.#paths.set(key, path);
    const content = await this.#store.get(key);
    if (content === undefined) throw gone(key);
    await pipeline(content, createWriteStream(path));
    return path;
  }
}

// --- internal ---

function tooMuch(location: string): PipelineError {
  return new PipelineError({
    code: 'DestinationFailed',
    message: `More than ${bytesText(MOST_FETCHED)} would have to be fetched from ${location}.`,
    hint: 'Ask fewer tables, or ask the files with DuckDB and its extension httpfs.',
    facts: { location, bytes: MOST_FETCHED },
  });
}

function gone(key: string): PipelineError {
  return new PipelineError({
    code: 'DestinationChanged',
    message: `${key} is gone: a load replaced the table meanwhile.`,
    hint: 'Ask again.',
    facts: { key },
  });
}
