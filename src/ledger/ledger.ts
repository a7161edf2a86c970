import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Connection } from '../duckdb/connection.ts';
import type { Database } from '../duckdb/database.ts';
import { lockHolder } from '../duckdb/file-errors.ts';
import { type Release, tryHoldFile } from '../duckdb/held-files.ts';
import { attachPrivate } from '../duckdb/private-file.ts';
import type { Effects } from '../effects.ts';
import type { ErrorCode } from '../errors.ts';
import type { RequestTrace } from '../findings.ts';
import type { SchemaChange } from '../schema/table-schema.ts';
import { insertCosts, type ResourceCost } from './costs.ts';
import { forgetRuns } from './forget-runs.ts';
import { ledgerError, runLocked } from './ledger-error.ts';
import { type RunRecord, selectLastRuns, TOLD_RUNS } from './run-record.ts';
import { type PastRun, type RunStatus, removeRunStatus, writeRunStatus } from './run-status.ts';
import {
  createTables,
  forgetLoadId,
  insertRequests,
  insertRun,
  insertSchemaChanges,
  LEDGER,
  updateRun,
} from './statements.ts';

/** How long a run waits for a command that only looks at the ledger. */
const WAIT_FOR_READER_MS = 5_000;
const READER_POLL_MS = 50;
/** A write-ahead log of this size is folded into the file at the end of a run; always doing it would cost 20 ms a run. */
const CHECKPOINT_AT_BYTES = 1_000_000;
/** Old runs are taken away by so many of as many runs as are kept: counting them would cost each run some milliseconds. */
const RARELY = 10;

export interface RunStart {
  readonly pipelineName: string;
  readonly loadId?: string;
  /** Milliseconds since 1970. @default now */
  readonly startedAt?: number;
  /** How many runs of the pipeline are remembered. @default all */
  readonly keepRuns?: number;
}

/** What a run leaves behind. Secrets are masked by the caller. */
export interface RunOutcome {
  readonly exitCode: number;
  /** Milliseconds since 1970. @default now */
  readonly finishedAt?: number;
  readonly loadId?: string;
  readonly failure?: { readonly code: ErrorCode; readonly message: string };
  /** Loaded into the destination. */
  readonly rows?: number;
  readonly requests?: readonly RequestTrace[];
  /** Of the resources that paid for something. */
  readonly costs?: readonly ResourceCost[];
  /** By the load id that made them. */
  readonly schemaChanges?: readonly { readonly loadId: string; readonly changes: readonly SchemaChange[] }[];
}

/**
 * What must survive even when loading fails: runs, requests, schema changes, in `<working_dir>/ledger.duckdb`. Having it open is
 * the run lock, which dies with the process. It has its own connection, because one DuckDB transaction writes to one file only.
 */
export class Ledger {
  readonly #database: Database;
  readonly #connection: Connection;
  readonly #effects: Effects;
  readonly #release: Release;
  readonly #checkpointAtClose: boolean;
  readonly #path: string;
  #runId: bigint | undefined;
  #status: Omit<RunStatus, 'pid'> | undefined;
  /** How many runs are to be left at the end. */
  #forgetTo: number | undefined;
  #closed = false;
  /** What is being written while the run goes on. */
  #writing: Promise<void> = Promise.resolve();
  #hasWritten = false;
  /** Requests that could not be written then. */
  readonly #unwritten: RequestTrace[] = [];

  private constructor(
    database: Database,
    connection: Connection,
    effects: Effects,
    lock: { release: Release; checkpointAtClose: boolean; path: string },
  ) {
    this.#database = database;
    this.#connection = connection;
    this.#effects = effects;
    this.#release = lock.release;
    this.#checkpointAtClose = lock.checkpointAtClose;
    this.#path = lock.path;
  }

  /**
   * Takes the run lock; makes the ledger when it is missing.
   *
   * @throws PipelineError RunLocked: a run is in progress in another process, or in this one.
   * @throws PipelineError DestinationUnreadable, DestinationTooNew, DestinationFailed: the ledger cannot be opened.
   */
  static async open(database: Database, workingDir: string, effects: Effects): Promise<Ledger> {
    const path = ledgerPath(workingDir);
    const release = tryHoldFile(path);
    if (release === undefined) throw runLocked(path, 'this process', null);
    try {
      const checkpointAtClose = (await sizeOf(`${path}.wal`)) > CHECKPOINT_AT_BYTES;
      await attach(database, path, effects);
      return new Ledger(database, await database.connect(), effects, { release, checkpointAtClose, path });
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Writes down that a run begins, durably, before it does anything. */
  async startRun({ pipelineName, loadId, startedAt = this.#effects.now(), keepRuns }: RunStart): Promise<void> {
    const runId = BigInt(Math.floor(this.#effects.now() * 1000));
    await this.#write(async () => {
      await createTables(this.#connection);
      await insertRun(this.#connection, { runId, pipelineName, loadId: loadId ?? null, startedAt });
    });
    this.#runId = runId;
    const [, ...lastRuns] = await selectLastRuns(this.#connection, TOLD_RUNS + 1);
    if (keepRuns !== undefined && this.#effects.random() * keepRuns < RARELY) this.#forgetTo = keepRuns;
    this.#status = { pipelineName, startedAt, loadId: loadId ?? null, lastRuns: lastRuns.map(withoutId) };
    writeRunStatus(this.#workingDir, this.#status);
  }

  /** For those who watch: the ledger itself says so at the end. */
  tellLoadId(loadId: string): void {
    if (this.#status === undefined) return;
    this.#status = { ...this.#status, loadId };
    writeRunStatus(this.#workingDir, this.#status);
  }

  /** Writes requests down while the run goes on; where that fails, it is tried again at the end. */
  keepRequests(requests: readonly RequestTrace[]): void {
    const runId = this.#currentRun;
    const loadId = this.#status?.loadId ?? null;
    const write = () => this.#write(() => insertRequests(this.#connection, { runId, loadId }, requests));
    this.#hasWritten = true;
    this.#writing = this.#writing.then(write).catch(() => void this.#unwritten.push(...requests));
  }

  /** Writes down how the run ended, in one transaction with what it still has to tell. */
  async finishRun({
    exitCode,
    finishedAt = this.#effects.now(),
    loadId,
    failure,
    rows = 0,
    requests = [],
    costs = [],
    schemaChanges = [],
  }: RunOutcome): Promise<void> {
    const runId = this.#currentRun;
    await this.#writing;
    await this.#write(async () => {
      if (this.#hasWritten && loadId === undefined) await forgetLoadId(this.#connection, runId);
      await insertRequests(this.#connection, { runId, loadId: loadId ?? null }, [...this.#unwritten, ...requests]);
      await insertCosts(this.#connection, runId, costs);
      for (const { loadId: madeBy, changes } of schemaChanges) {
        await insertSchemaChanges(this.#connection, runId, madeBy, changes);
      }
      await updateRun(this.#connection, {
        runId,
        loadId: loadId ?? null,
        finishedAt,
        exitCode,
        failureCode: failure?.code ?? null,
        message: failure?.message ?? null,
        rows,
      });
    });
  }

  /** Gives the run lock free. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await removeRunStatus(this.#workingDir);
    await this.#writing;
    try {
      await this.#forget();
      if (this.#checkpointAtClose) await this.#fold();
      this.#connection.close();
      await this.#database.detach(LEDGER);
    } finally {
      this.#release();
    }
  }

  /** What cannot be taken away stays for a later run. */
  async #forget(): Promise<void> {
    if (this.#forgetTo === undefined || this.#status === undefined) return;
    await forgetRuns(this.#connection, this.#status.pipelineName, this.#forgetTo).catch(() => undefined);
  }

  /** On a full disk, say, the log stays as it is, and a later run folds it. */
  async #fold(): Promise<void> {
    await this.#connection.run(`checkpoint ${LEDGER}`).catch(() => undefined);
  }

  /** All or nothing. Throws DestinationFailed where the file cannot be written. */
  async #write(work: () => Promise<void>): Promise<void> {
    await this.#connection.transaction(work).catch((error: unknown) => {
      throw ledgerError(error, this.#path);
    });
  }

  get #workingDir(): string {
    return dirname(this.#path);
  }

  get #currentRun(): bigint {
    if (this.#runId === undefined) throw new Error('the ledger was asked to record before startRun');
    return this.#runId;
  }
}

export function ledgerPath(workingDir: string): string {
  return join(workingDir, 'ledger.duckdb');
}

function withoutId({ runId: _, ...run }: RunRecord): PastRun {
  return run;
}

/** A run that holds the file is an error at once; a reader, such as `info`, is gone in an instant. */
async function attach(database: Database, path: string, effects: Effects): Promise<void> {
  for (let waited = 0; ; waited += READER_POLL_MS) {
    try {
      return await attachPrivate(database, path, LEDGER);
    } catch (error) {
      const holder = lockHolder(error);
      if (holder === undefined) throw ledgerError(error, path);
      if (!holder.reading || waited >= WAIT_FOR_READER_MS) throw runLocked(path, holder.name, holder.pid, error);
      if (waited === 0) effects.log.progress(`waiting until ${holder.name} has read ${path}`);
      await effects.sleep(READER_POLL_MS);
    }
  }
}

/** Takes no lock and drops none, as opening the file would. */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
