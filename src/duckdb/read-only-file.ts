import type { Connection } from './connection.ts';
import { type Allowance, Database } from './database.ts';
import { fileError, inUseHere, openFileError } from './file-errors.ts';
import { holdWhenFree, type Release } from './held-files.ts';
import { qualifiedName } from './quote.ts';
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
  readonly #path: string;
  readonly #database: Database;
  readonly #release: Release;

  private constructor(path: string, database: Database, connection: Connection, release: Release) {
    this.#path = path;
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
      return new ReadOnlyFile(path, database, await database.connect(), release);
    } catch (error) {
      database.close();
      release();
      throw fileError(error, path);
    }
  }

  /**
   * Before statements that somebody else wrote: `schema` is their search path; see `Database.seal`.
   *
   * @param allowed a file that `copy` may write, say
   */
  async sealIn(schema: string, allowed?: Allowance): Promise<void> {
    await this.connection.run(`use ${qualifiedName(this.catalog, schema)}`);
    await this.#database.seal(allowed);
  }

  /** What a statement on the file threw, as a member of the family where it is about the file. */
  tell(thrown: unknown): unknown {
    return openFileError(thrown, this.#path) ?? thrown;
  }

  close(): void {
    this.#database.close();
    this.#release();
  }
}
