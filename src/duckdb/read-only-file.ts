import type { Connection } from './connection.ts';
import { Database } from './database.ts';
import { fileError } from './file-errors.ts';

const ALIAS = 'destination';

/**
 * A DuckDB file opened for reading, under the catalog name `destination`. Others can read it meanwhile; a writer has to wait,
 * so close it soon.
 */
export class ReadOnlyFile {
  readonly catalog = ALIAS;
  readonly connection: Connection;
  readonly #database: Database;

  private constructor(database: Database, connection: Connection) {
    this.#database = database;
    this.connection = connection;
  }

  /** Throws the errors of file-errors.ts: held by a writer, too new, no DuckDB file. */
  static async open(path: string, tempDirectory: string): Promise<ReadOnlyFile> {
    const database = await Database.open({ tempDirectory });
    try {
      await database.attach(path, ALIAS, { readOnly: true });
      return new ReadOnlyFile(database, await database.connect());
    } catch (error) {
      database.close();
      throw fileError(error, path);
    }
  }

  close(): void {
    this.#database.close();
  }
}
