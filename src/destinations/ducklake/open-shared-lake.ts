import type { PipelineConfig } from '../../config/pipeline-config.ts';
import type { Connection } from '../../duckdb/connection.ts';
import { Database } from '../../duckdb/database.ts';
import { qualifiedName } from '../../duckdb/quote.ts';
import { regularFile } from '../../duckdb/regular-file.ts';
import { PipelineError } from '../../errors.ts';
import type { ValueAsker } from '../../load/asker.ts';
import type { PipelineState } from '../../load/pipeline-state.ts';
import type { DatasetNames, StoredDataset } from '../../load/stored-dataset.ts';
import { loadPackage } from '../attached/load-attached.ts';
import { readDataset } from '../attached/read-dataset.ts';
import { writeState } from '../attached/write-state.ts';
import type { LoadChoices, OpenDestination, PublishedLoad } from '../destination.ts';
import type { DestinationRun } from '../destination-run.ts';
import { attachLake } from './attach-lake.ts';
import { isNoLake, lakeError } from './lake-errors.ts';
import { type LakeSettings, lakeKind } from './lake-kind.ts';
import { whileLoading } from './lake-lock.ts';
import { newestSnapshot } from './lake-maintenance.ts';
import { lakeStorage } from './lake-storage.ts';

const LIVE = 'live';
const TARGET = 'target';
/** How often a load is done again because somebody else changed the same tables meanwhile. */
const ATTEMPTS = 3;

/** A lake whose catalogue is in PostgreSQL or SQLite: a load is one transaction, a snapshot of the lake. */
export class OpenSharedLake implements OpenDestination {
  readonly #settings: LakeSettings;
  readonly #pipeline: PipelineConfig['pipeline'];
  readonly #names: DatasetNames;
  readonly #run: DestinationRun;

  constructor(settings: LakeSettings, pipeline: PipelineConfig['pipeline'], names: DatasetNames, run: DestinationRun) {
    this.#settings = settings;
    this.#pipeline = pipeline;
    this.#names = names;
    this.#run = run;
  }

  read(): Promise<StoredDataset | undefined> {
    return this.#reading(this.#run.database, (connection) => readDataset(connection, LIVE, this.#names));
  }

  async query<T>(memory: number, work: (asker: ValueAsker) => Promise<T>): Promise<T | undefined> {
    const database = await Database.open({ memory });
    try {
      return await this.#reading(database, async (connection) => {
        await connection.run(`use ${qualifiedName(LIVE, this.#names.dataset)}`);
        await database.seal({ readable: lakeStorage(this.#settings).path });
        return work(connection);
      });
    } finally {
      database.close();
    }
  }

  async load(loadId: string, { isRecovered }: LoadChoices): Promise<PublishedLoad> {
    const { database, effects, allowDelete, expectations, findings } = this.#run;
    const { dataset, pipelineName } = this.#names;
    const how = { kind: lakeKind, allowDelete, isRecovered, expectations, views: this.#pipeline.views, findings };
    return this.#writing(async (connection) => {
      await database.prepareFor('publishing');
      try {
        const options = { target: TARGET, dataset, loadId, pipelineName, now: effects.now(), ...how };
        return await loadPackage(connection, options);
      } finally {
        await database.prepareFor('extracting');
      }
    });
  }

  async writeState(loadId: string, change: (state: PipelineState | undefined) => PipelineState | undefined) {
    const now = BigInt(Math.round(this.#run.effects.now() * 1000));
    await this.#writing((connection) =>
      writeState(connection, { catalog: TARGET, names: this.#names, loadId, now }, change),
    );
    return {};
  }

  async state(): Promise<string> {
    const newest = await this.#reading(this.#run.database, (connection) => newestSnapshot(connection, LIVE));
    return newest === undefined ? 'absent' : `snapshot ${newest}`;
  }

  /** Undefined where there is no lake yet. A statement on what is attached may fail as it likes: only attaching is translated. */
  async #reading<T>(database: Database, work: (connection: Connection) => Promise<T>): Promise<T | undefined> {
    const { catalog } = this.#settings;
    if (catalog.type !== 'postgres' && regularFile(catalog.path) === undefined) return undefined;
    try {
      await attachLake(database, this.#settings, LIVE, { readOnly: true });
    } catch (error) {
      if (isNoLake(error)) return undefined;
      throw lakeError(error, this.#settings);
    }
    return this.#using(database, LIVE, work);
  }

  async #writing<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await whileLoading(this.#settings, this.#pipeline, this.#run, async () => {
          const { database } = this.#run;
          await attachLake(database, this.#settings, TARGET).catch((error: unknown) => {
            throw lakeError(error, this.#settings);
          });
          return this.#using(database, TARGET, work);
        });
      } catch (error) {
        if (attempt === ATTEMPTS || !isConflict(error)) throw error;
        this.#run.signal?.throwIfAborted();
      }
    }
  }

  async #using<T>(database: Database, alias: string, work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await database.connect();
    try {
      return await work(connection);
    } finally {
      await connection.run('use memory.main').catch(() => undefined); // sealed: the instance is closed as a whole
      await connection.run(`detach ${alias}`).catch(() => undefined);
      connection.close();
    }
  }
}

/** Somebody who does not heed the lock committed to the same tables, or holds the SQLite file. */
function isConflict(thrown: unknown): boolean {
  return (
    thrown instanceof PipelineError &&
    thrown.code === 'DestinationFailed' &&
    /transaction conflict|failed to commit ducklake|database is locked/i.test(String(thrown.facts.duckdb ?? ''))
  );
}
