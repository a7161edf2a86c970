import { VECTOR_ROWS } from '../duckdb/chunk-appender.ts';
import type { Connection } from '../duckdb/connection.ts';
import type { Database } from '../duckdb/database.ts';
import { memoryFor } from '../duckdb/memory-limit.ts';
import { attachPrivate } from '../duckdb/private-file.ts';
import type { Effects } from '../effects.ts';
import { cutBackToLastPage } from './last-page.ts';
import {
  PACKAGE,
  type PackageChain,
  type PackageInfo,
  type PackageResource,
  type PackageTable,
  type ParentRecord,
  type RejectedRecord,
} from './layout.ts';
import {
  createBooks,
  insertParents,
  insertRejected,
  writeChains,
  writeInfo,
  writeResources,
  writeStatus,
  writeTables,
} from './package-books.ts';
import { PackageTableWriter } from './package-tables.ts';
import { TableBuffer } from './table-buffer.ts';

/** A page is durable at most this much later, or one running commit later; waiting for each would cost 6 ms a page. */
const COMMIT_EVERY_MS = 250;
/** Rows that wait in memory while a commit runs, before the run waits for the commit. */
const WAITING_ROWS = 40_000;

/** How far the package is after a complete page: what a later run continues from. */
interface Boundary {
  readonly resources: Map<string, PackageResource>;
  readonly rows: Map<TableBuffer, number>;
  readonly rejected: RejectedRecord[];
  /** By resource. */
  readonly parents: Map<string, ParentRecord[]>;
}

/** A table as its normalizer knows it, and its rows. */
export interface DescribedTable {
  readonly buffer: TableBuffer;
  readonly table: Omit<PackageTable, 'rows'>;
}

const emptyBoundary = (): Boundary => ({ resources: new Map(), rows: new Map(), rejected: [], parents: new Map() });

/**
 * A load package that is being filled. Rows collect in table buffers, go to the file's tables by `drain()`, and become durable
 * together with the position after their page by a commit that runs in DuckDB's threads while the next page is parsed.
 */
export class LoadPackage {
  readonly info: PackageInfo;
  readonly #database: Database;
  readonly #connection: Connection;
  readonly #writers: PackageTableWriter[] = [];
  /** Pages whose rows are still in the buffers, and pages whose rows are in the file: only the latter may be committed. */
  #buffered = emptyBoundary();
  #drained = emptyBoundary();
  #describeTables: () => readonly DescribedTable[] = () => [];
  #commit: Promise<void> | null = null;
  #commitFailure: unknown = null;
  readonly #now: Effects['now'];
  #committedAt: number;
  #hasPages = false;
  /** Of the page that is not complete yet. */
  readonly #rejected: RejectedRecord[] = [];

  private constructor(database: Database, connection: Connection, info: PackageInfo, now: Effects['now']) {
    this.#database = database;
    this.#connection = connection;
    this.info = info;
    this.#now = now;
    this.#committedAt = now();
  }

  /** A new file at `path`, attached as `package`. */
  static async create(database: Database, path: string, info: PackageInfo, now: Effects['now']): Promise<LoadPackage> {
    await attachPrivate(database, path, PACKAGE);
    const connection = await database.connect();
    await connection.run('begin transaction');
    await createBooks(connection);
    await writeInfo(connection, info);
    await connection.run('commit');
    await connection.run('begin transaction');
    return new LoadPackage(database, connection, info, now);
  }

  /** The package that is attached as `package` already, cut back to its last complete page. */
  static async continue(database: Database, info: PackageInfo, now: Effects['now']): Promise<LoadPackage> {
    const connection = await database.connect();
    const tables = await cutBackToLastPage(connection);
    const loadPackage = new LoadPackage(database, connection, info, now);
    for (const { name, nested, rows, longText, columns } of tables) {
      const buffer = new TableBuffer(name, nested, rows, longText);
      buffer.restoreColumns(columns);
      loadPackage.#writers.push(new PackageTableWriter(connection, buffer, true));
    }
    loadPackage.#hasPages = tables.length > 0;
    await connection.run('begin transaction');
    return loadPackage;
  }

  /** Who knows the documents of the tables; asked before each commit. */
  describeTablesWith(describe: () => readonly DescribedTable[]): void {
    this.#describeTables = describe;
  }

  /** The buffer of a table that an earlier run began, or a new one. */
  table(name: string, nested: boolean): TableBuffer {
    const continued = this.#writers.find(({ buffer }) => buffer.name === name);
    if (continued !== undefined) return continued.buffer;
    const buffer = new TableBuffer(name, nested);
    this.#writers.push(new PackageTableWriter(this.#connection, buffer, false));
    return buffer;
  }

  /** Some table holds so many rows that `drain()` should come before more. */
  get isFull(): boolean {
    return this.#writers.some(({ buffer }) => buffer.isFull);
  }

  /** Moves every buffered row to the file's tables. */
  async drain(): Promise<void> {
    await this.#settle();
    await this.#allowWhatItNeeds();
    const changed = this.#writers.filter((writer) => writer.needsDdl && writer.buffer.total > 0);
    if (changed.some((writer) => writer.needsCommitBeforeDdl)) await this.#commitNow();
    for (const writer of changed) {
      writer.close();
      await writer.changeTable();
    }
    for (const writer of this.#writers) await writer.write();
    for (const [name, resource] of this.#buffered.resources) this.#drained.resources.set(name, resource);
    for (const [buffer, rows] of this.#buffered.rows) this.#drained.rows.set(buffer, rows);
    this.#drained.rejected.push(...this.#buffered.rejected);
    for (const [name, records] of this.#buffered.parents) append(this.#drained.parents, name, records);
    this.#buffered = emptyBoundary();
  }

  /** Keeps what a contract left out of the page that is being normalized. */
  reject(record: RejectedRecord): void {
    this.#rejected.push(record);
  }

  /**
   * Every row of a page is in the buffers: notes the position after it. Drains where that fills vectors, unless a commit is
   * running, and starts one when the last is long enough ago. `parents`: what children need of the page's records.
   */
  async endPage(resource: PackageResource, parents: readonly ParentRecord[] = []): Promise<void> {
    this.note(resource);
    append(this.#buffered.parents, resource.resource, parents);
    this.#hasPages = true;
    const isDue = this.#commit === null && this.#now() - this.#committedAt >= COMMIT_EVERY_MS;
    const mayWait = this.#commit === null ? VECTOR_ROWS : WAITING_ROWS;
    if (!isDue && this.#waitingRows < mayWait && !this.isFull) return;
    await this.drain();
    if (isDue) await this.#commitSoon();
  }

  /** How far a resource is: becomes durable with the rows that are buffered now. */
  note(resource: PackageResource): void {
    this.#buffered.rejected.push(...this.#rejected.splice(0));
    this.#buffered.resources.set(resource.resource, resource);
    for (const { buffer } of this.#writers) this.#buffered.rows.set(buffer, buffer.total);
  }

  /** What a resource asks for: durable no later than the first position that counts in it. */
  async keepChains(resource: string, chains: readonly PackageChain[]): Promise<void> {
    await this.#settle();
    await writeChains(this.#connection, resource, chains);
  }

  /** Every page so far is durable when this returns. */
  async commit(): Promise<void> {
    await this.drain();
    await this.#commitNow();
  }

  /** Nothing more comes: everything is durable, and the package is ready to load. */
  async finish(resources: readonly PackageResource[]): Promise<void> {
    for (const resource of resources) this.note(resource);
    await this.drain();
    await this.#writeBooks();
    await writeStatus(this.#connection, 'extracted');
    this.#closeAppenders();
    await this.#connection.run('commit');
  }

  /** Some page is complete: there is something to continue from. */
  get hasPages(): boolean {
    return this.#hasPages;
  }

  /** The tables with rows, as the books have them. */
  tables(): PackageTable[] {
    return this.#describeTables()
      .map((described) => packageTable(described, described.buffer.total))
      .filter(({ rows }) => rows > 0);
  }

  /** A run that failed: complete pages stay durable, so that the next run can continue. */
  async keep(): Promise<void> {
    await this.#settle();
    if (this.#buffered.resources.size > 0) await this.drain();
    this.#closeAppenders();
    await this.#writeBooks();
    await this.#connection.run('commit');
  }

  /** Gives up what is not committed yet. */
  async abandon(): Promise<void> {
    if (this.#commit !== null) await this.#commit;
    this.#closeAppenders();
    await this.#connection.run('rollback');
  }

  /** Before the rows are DuckDB's: what it has no memory for then, is lost. */
  async #allowWhatItNeeds(): Promise<void> {
    await this.#database.allowMemory(memoryFor(this.#writers.map(({ buffer }) => buffer.size)));
    await this.#database.allowThreadsFor({ rows: this.#writers.reduce((rows, { buffer }) => rows + buffer.total, 0) });
  }

  get #waitingRows(): number {
    let rows = 0;
    for (const { buffer } of this.#writers) rows = Math.max(rows, buffer.rows);
    return rows;
  }

  async #writeBooks(): Promise<void> {
    const { resources, rows, rejected, parents } = this.#drained;
    if (resources.size === 0) return;
    const tables = this.#describeTables()
      .map((described) => packageTable(described, rows.get(described.buffer) ?? 0))
      .filter((table) => table.rows > 0);
    await writeTables(this.#connection, tables);
    await writeResources(this.#connection, [...resources.values()]);
    await insertRejected(this.#connection, rejected.splice(0));
    for (const [name, records] of parents) await insertParents(this.#connection, name, records);
    parents.clear();
    resources.clear();
  }

  async #commitSoon(): Promise<void> {
    await this.#flush();
    this.#commit = this.#connection
      .run('commit')
      .then(() => this.#connection.run('begin transaction'))
      .catch((error: unknown) => {
        this.#commitFailure = error;
      })
      .finally(() => {
        this.#commit = null;
        this.#committedAt = this.#now();
      });
  }

  async #commitNow(): Promise<void> {
    await this.#flush();
    this.#closeAppenders();
    await this.#connection.run('commit');
    await this.#connection.run('begin transaction');
    this.#committedAt = this.#now();
  }

  async #flush(): Promise<void> {
    for (const writer of this.#writers) writer.flush();
    await this.#writeBooks();
  }

  /** Waits for a running commit; throws what made it fail. */
  async #settle(): Promise<void> {
    if (this.#commit !== null) await this.#commit;
    if (this.#commitFailure !== null) throw this.#commitFailure;
  }

  #closeAppenders(): void {
    for (const writer of this.#writers) writer.close();
  }
}

function append(lists: Map<string, ParentRecord[]>, name: string, records: readonly ParentRecord[]): void {
  if (records.length === 0) return;
  const list = lists.get(name) ?? [];
  for (const record of records) list.push(record);
  lists.set(name, list);
}

function packageTable({ buffer, table }: DescribedTable, rows: number): PackageTable {
  const { longText } = buffer.size;
  return { ...table, rows, ...(longText === 0 ? {} : { longText }) };
}
