import type { AttachOptions, Database } from '../../../duckdb/database.ts';

/** How a DuckDB file that is copied, written to and put in place is attached, so that a load sees the tables of the dataset. */
export interface CatalogueFile {
  attach(database: Database, path: string, alias: string, options?: AttachOptions): Promise<void>;
  /** The name under which DuckDB then has the file itself, whose write-ahead log is to be folded in. */
  nameOfFile(alias: string): string;
}

/** The tables are in the file. */
export const plainFile: CatalogueFile = {
  attach: (database, path, alias, options) => database.attach(path, alias, options),
  nameOfFile: (alias) => alias,
};
