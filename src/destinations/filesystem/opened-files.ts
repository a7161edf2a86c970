import type { Connection } from '../../duckdb/connection.ts';
import { type Allowance, Database } from '../../duckdb/database.ts';
import { qualifiedName } from '../../duckdb/quote.ts';
import { PipelineError } from '../../errors.ts';
import type { Target } from '../../load/target.ts';
import type { OpenCatalogue } from '../attached/open-catalogue.ts';
import { readCatalogue } from '../attached/read-catalogue.ts';
import { attachEmpty, createShells } from './dataset-shells.ts';
import { rowsIn } from './export-tables.ts';
import { FetchedFiles } from './fetched-files.ts';
import type { FilesPlace } from './files-place.ts';
import { type PublishedBooks, readPublishedBooks } from './published-books.ts';
import { isOwnBook, TableFiles } from './table-files.ts';
import { tableSelect } from './table-select.ts';

const CATALOG = 'destination';

interface Parts {
  readonly books: PublishedBooks;
  readonly files: FetchedFiles;
  readonly dataset: string;
  readonly location: string;
}

/**
 * What is published, as tables of a DuckDB in memory. They are empty until they are filled: then each is a view of its files, which
 * are fetched from a bucket into a temporary folder. Those that others replace meanwhile are missed when they are read.
 */
export class OpenedFiles implements OpenCatalogue {
  readonly catalog = CATALOG;
  readonly connection: Connection;
  readonly books: PublishedBooks;
  readonly files: FetchedFiles;
  readonly #location: string;
  readonly #database: Database;
  readonly #dataset: string;
  readonly #filled = new Set<string>();

  private constructor(database: Database, connection: Connection, parts: Parts) {
    this.#database = database;
    this.connection = connection;
    this.books = parts.books;
    this.files = parts.files;
    this.#location = parts.location;
    this.#dataset = parts.dataset;
  }

  /** Undefined where nothing was loaded yet. */
  static async openIfThere(place: FilesPlace, dataset: string, memory?: number): Promise<OpenedFiles | undefined> {
    const { store, layout } = place;
    const books = await readPublishedBooks(store);
    if (books.markers.length === 0) return undefined;
    const files = new FetchedFiles(store, await TableFiles.open(store, layout, books.markers));
    const database = await Database.open(memory === undefined ? {} : { memory });
    try {
      const connection = await database.connect();
      await attachEmpty(connection, CATALOG);
      const opened = new OpenedFiles(database, connection, { books, files, dataset, location: store.location });
      await createShells(
        opened.#target,
        books.schemas.map(({ schema }) => schema),
      );
      return opened;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** Of all tables. */
  async fillAll(): Promise<void> {
    const { tables } = await readCatalogue(this.connection, CATALOG, this.#dataset);
    await this.fill([...tables.keys()]);
  }

  /** Names that are none of tables are left alone. */
  async fill(names: readonly string[]): Promise<void> {
    const { tables } = await readCatalogue(this.connection, CATALOG, this.#dataset);
    for (const name of names) {
      const table = tables.get(name.toLowerCase());
      if (table === undefined || this.#filled.has(table.name)) continue;
      const files = await this.files.of(table.name);
      const columns = [...table.columns.values()];
      const relation = qualifiedName(CATALOG, this.#dataset, table.name);
      await this.connection.run(`drop table ${relation}`);
      const kind = isOwnBook(table.name) ? 'table' : 'view'; // those are small
      await this.connection.run(`create ${kind} ${relation} as ${tableSelect(columns, files)}`);
      this.#filled.add(table.name);
    }
  }

  /** How many rows a table has: its files are opened only where their names do not say. */
  async count(table: string): Promise<number> {
    const files = await this.files.tables.current(table);
    const said = files.map(({ key }) => rowsIn(key));
    if (said.every((rows) => rows !== undefined)) return said.reduce((sum, rows) => sum + rows, 0);
    await this.fill([table]);
    const row = await this.connection.row(
      `select count(*) as rows from ${qualifiedName(CATALOG, this.#dataset, table)}`,
    );
    return Number(row?.rows ?? 0);
  }

  /** Before statements that somebody else wrote: see `ReadOnlyFile.sealIn`. */
  async sealIn(schema: string, allowed?: Allowance): Promise<void> {
    await this.connection.run(`use ${qualifiedName(CATALOG, schema)}`);
    await this.#database.seal({ ...allowed, readable: `${await this.files.folder()}/` });
  }

  tell(thrown: unknown): unknown {
    if (!(thrown instanceof Error) || !/^IO Error/.test(thrown.message)) return thrown;
    const text = thrown.message.split('\n', 1)[0] ?? '';
    return new PipelineError({
      code: 'DestinationUnreadable',
      message: `A file of ${this.#location} cannot be read: ${text}`,
      hint: 'Ask again: a load that replaces a table removes its old files. A file that is damaged has to be restored, or removed.',
      facts: { location: this.#location, duckdb: text },
      cause: thrown,
    });
  }

  close(): void {
    this.#database.close();
    this.files.close();
  }

  get #target(): Target {
    return { connection: this.connection, catalog: CATALOG, dataset: this.#dataset };
  }
}
