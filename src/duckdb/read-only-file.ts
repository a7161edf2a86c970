import type { Connection } from './connection.ts';
import { Database } from './database.ts';
import { fileError, inUseHere } from './file-errors.ts';
import { holdWhenFree, type Release } from './held-files.ts';
import { regularFile } from './regular-file.ts';

const ALIAS = 'destination';
/** A run of this process uses the file for an instant, unless it publishes in place. */
const WAIT_MS = 60_000;

/**
 * A DuckDB file opened for reading, under the catalog name `destination`. Others can read it meanwhile; a writer has to wait,
 * so close it soon.
 */
export class ReadOnlyFile {
  readonly catalog = ALIAS;
  readonly connection: Connection;
  readonly #database: Database;
  readonly #release: Release;

  private constructor(database: Database, connection: Connection, release: Release) {
    this.#database = database;
    this.connection = connection;
    this.#release = release;
  }

  /** Undefined when there is no file. Throws the errors of file-errors.ts, like `open`. */
  static async openIfThere(path: string): Promise<ReadOnlyFile | undefined> {
    return regularFile(path) === undefined ? undefined : ReadOnlyFile.open(path);
  }

  /** Throws the errors of file-errors.ts: held by a writer, too new, no DuckDB file. */
  static async open(path: string): Promise<ReadOnlyFile> {
    const release = await holdWhenFree(path, 'shared', WAIT_MS);
    if (release === undefined) throw inUseHere(path);
    const database = await Database.open();
    try {
      regularFile(path);
      await database.attach(path, ALIAS, { readOnly: true });
      return new ReadOnlyFile(database, await database.connect(), release);
    } catch (error) {
      database.close();
      release();
      throw fileError(error, path);
    }
  }

  close(): void {
    this.#database.close();
    this.#release();
  }
}
