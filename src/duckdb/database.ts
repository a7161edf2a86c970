import { existsSync, rmSync, statSync } from 'node:fs';
import { DuckDBInstance, quotedIdentifier, quotedString } from '@duckdb/node-api';
import './byte-order-mark.ts';
import { Connection } from './connection.ts';
import { lockHolder } from './file-errors.ts';
import { isOutOfMemory } from './out-of-memory.ts';

export interface DatabaseOptions {
  /** Where DuckDB spills to. Who only looks gives none: nothing is written then, and no file of a run is in the way. */
  readonly tempDirectory?: string;
  /** Megabytes to begin with; without a limit, memory grows with the size of the load, to most of the machine's. */
  readonly memory?: number;
  /** To begin with; without a number, one for each core. */
  readonly threads?: number;
}

export interface AttachOptions {
  readonly readOnly?: boolean;
  /** A file that this makes gets small blocks: 61 rows in a dataset of ten tables take 0.55 MB instead of 3.7 MB. Default `false` */
  readonly isSmall?: boolean;
}

/** What those statements may do beyond reading, and how much of the machine they may take. */
export interface Allowance {
  /** One file that can be written; what is attached can then be read as a file, too. */
  readonly writable?: string | undefined;
  /** Megabytes. Default: most of the machine's */
  readonly memory?: number | undefined;
  /** Default: one for each core */
  readonly threads?: number | undefined;
}

/** What stays within reach of statements that somebody else wrote. */
export interface Sealing extends Allowance {
  /** A folder, or the address of one, with a slash at the end, where attached catalogues have their rows; the same. */
  readonly readable?: string | undefined;
}

/** The headers of a DuckDB file. One that has no more holds nothing. */
const HEADER_BYTES = 3 * 4096;

/** The least that DuckDB can. With them 1.2 million rows took 43 % more room, and 15 % more time to write than with its usual 256 kB. */
const SMALL_BLOCKS = 16_384;

/** Fewer are not worth a second thread: those that wait for work took a fifth of the processor time of a small run. */
const MANY_ROWS = 50_000;
const MANY_BYTES = 16e6;

/** A limit that is raised becomes so many times as large at least. */
const LEAP = 1.25;

/**
 * One in-memory DuckDB that attaches the files of a run: package, working copy, ledger. One instance for all of them,
 * because a file that is read and written by the same instance needs no checkpoint and no reopening in between.
 */
export class Database {
  readonly #instance: DuckDBInstance;
  #connections: Connection[] = [];
  /** Megabytes that DuckDB may use, and the most that it can be let use. */
  #memory: number;
  #mostMemory: number | undefined;
  #hasAllThreads: boolean;

  private constructor(instance: DuckDBInstance, memory: number, hasAllThreads: boolean) {
    this.#instance = instance;
    this.#memory = memory;
    this.#hasAllThreads = hasAllThreads;
  }

  static async open({ tempDirectory = '', memory, threads }: DatabaseOptions = {}): Promise<Database> {
    const instance = await DuckDBInstance.create(':memory:', {
      temp_directory: tempDirectory,
      autoinstall_known_extensions: 'false', // a run never downloads code
      ...(memory === undefined ? {} : { memory_limit: `${memory}MB` }),
      ...(threads === undefined ? {} : { threads: String(threads) }),
    });
    const database = new Database(instance, memory ?? Number.POSITIVE_INFINITY, threads === undefined);
    const connection = await database.connect();
    await connection.run("set global TimeZone = 'UTC'");
    // Folding a write-ahead log into its file takes 20 ms and more: who needs it says `checkpoint`.
    await connection.run('pragma disable_checkpoint_on_shutdown');
    return database;
  }

  /**
   * Settings for what comes next. Load packages are gone soon: they are compressed little and folded together seldom (DuckDB's
   * 16 MB at a time made a bulk run 5 % slower). What is published is compressed well, and its transaction goes straight into
   * the file, not through a write-ahead log. Dictionaries are never tried: analysing unique strings for them was the largest
   * part of loading.
   */
  async prepareFor(next: 'extracting' | 'publishing'): Promise<void> {
    const publishing = next === 'publishing';
    const disabled = publishing ? 'dictionary' : 'dictionary,fsst';
    await this.#first.run(`set global disabled_compression_methods = ${quotedString(disabled)}`);
    await this.#first.run(`set global checkpoint_threshold = ${quotedString(publishing ? '0MB' : '64MB')}`);
  }

  /** Lets DuckDB use so many megabytes for what comes next, as far as the machine has them. It keeps what it was let have before. */
  async allowMemory(megabytes: number): Promise<void> {
    if (megabytes <= this.#memory) return;
    const limit = Math.round(Math.max(megabytes, LEAP * this.#memory)); // who asks for more page after page, asks seldom
    this.#mostMemory ??= await this.#machineMemory();
    if (limit >= this.#mostMemory) return this.allowAllMemory();
    await this.#first.run(`set global memory_limit = ${quotedString(`${limit}MB`)}`);
    this.#memory = limit;
  }

  /** DuckDB's default: 80 % of what the machine, or the container, has. */
  async allowAllMemory(): Promise<void> {
    // Only `set` reaches the buffer manager: after `reset` alone DuckDB 1.5 shows the default but keeps to the old limit.
    await this.#first.run('reset global memory_limit');
    await this.#first.run("set global memory_limit = current_setting('memory_limit')");
    this.#memory = Number.POSITIVE_INFINITY;
  }

  /** A thread for each core, as DuckDB has by itself, from so many rows, or bytes of a file, on. */
  async allowThreadsFor({ rows = 0, bytes = 0 }: { readonly rows?: number; readonly bytes?: number }): Promise<void> {
    if (this.#hasAllThreads || (rows < MANY_ROWS && bytes < MANY_BYTES)) return;
    await this.#first.run('reset global threads');
    this.#hasAllThreads = true;
  }

  async #machineMemory(): Promise<number> {
    await this.allowAllMemory();
    const row = await this.#first.row("select current_setting('memory_limit') as most");
    return megabytesIn(String(row?.most));
  }

  /**
   * Before a statement that somebody else wrote: it reads what is attached, and reaches no other file, no extension and no
   * setting. Lasts until the end.
   */
  async seal({ writable, readable, memory, threads }: Sealing = {}): Promise<void> {
    if (memory !== undefined) await this.#first.run(`set global memory_limit = ${quotedString(`${memory}MB`)}`);
    if (threads !== undefined) await this.#first.run(`set global threads = ${Math.max(1, Math.round(threads))}`);
    if (writable !== undefined) await this.#first.run(`set global allowed_paths = [${quotedString(writable)}]`);
    if (readable !== undefined) await this.#first.run(`set global allowed_directories = [${quotedString(readable)}]`);
    await this.#first.run('set global enable_external_access = false');
    // External access leaves attached files readable.
    if (writable === undefined && readable === undefined)
      await this.#first.run("set global disabled_filesystems = 'LocalFileSystem'");
    await this.#first.run('set global autoload_known_extensions = false');
    await this.#first.run('set global allow_community_extensions = false');
    await this.#first.run('set global lock_configuration = true');
  }

  async connect(): Promise<Connection> {
    const connection = new Connection(await this.#instance.connect());
    this.#connections.push(connection);
    return connection;
  }

  disconnect(connection: Connection): void {
    this.#connections = this.#connections.filter((other) => other !== connection);
    connection.close();
  }

  /** Opens a file under a name. Callers translate the driver's error: see file-errors.ts. */
  async attach(path: string, alias: string, { readOnly = false, isSmall = false }: AttachOptions = {}): Promise<void> {
    // Without the type DuckDB asks for an extension to open a file of another database program.
    const isNew = !existsSync(path);
    const blocks = isNew && isSmall ? `, block_size ${SMALL_BLOCKS}` : ''; // it is an error for a file that has others
    const how = readOnly ? 'type duckdb, read_only' : `type duckdb${blocks}`;
    const sql = `attach ${quotedString(path)} as ${quotedIdentifier(alias)} (${how})`;
    try {
      await this.#first.run(sql);
    } catch (error) {
      if (isNew && lockHolder(error) === undefined) removeHalfMade(path);
      if (!isOutOfMemory(error)) throw error;
      await this.allowAllMemory(); // for the write-ahead log, of which a commit is replayed as a whole
      await this.#first.run(sql);
    }
  }

  async detach(alias: string): Promise<void> {
    await this.#first.run(`detach ${quotedIdentifier(alias)}`);
  }

  get #first(): Connection {
    const [first] = this.#connections;
    if (first === undefined) throw new Error('the database is closed');
    return first;
  }

  close(): void {
    for (const connection of this.#connections.splice(0)) connection.close();
    this.#instance.closeSync();
  }
}

/** What DuckDB leaves where a full disk let it make only the beginning of a file; later it would count as a damaged one. */
function removeHalfMade(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? Number.POSITIVE_INFINITY;
  if (size <= HEADER_BYTES) rmSync(path, { force: true });
}

/** `18.6 GiB` as DuckDB writes it → 19,971. */
function megabytesIn(text: string): number {
  const [, amount, unit = ''] = /^([\d.]+) (\w+)$/.exec(text) ?? [];
  const bytes = 1024 ** Math.max(0, ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'].indexOf(unit));
  return amount === undefined ? Number.POSITIVE_INFINITY : (Number(amount) * bytes) / 1e6;
}
