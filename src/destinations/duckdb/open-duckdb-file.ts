import type { PipelineConfig } from '../../config/pipeline-config.ts';
import type { Connection } from '../../duckdb/connection.ts';
import { Database } from '../../duckdb/database.ts';
import { realFilePath } from '../../duckdb/held-files.ts';
import { qualifiedName } from '../../duckdb/quote.ts';
import { regularFile } from '../../duckdb/regular-file.ts';
import { spillFolder } from '../../files/working-folder.ts';
import type { ValueAsker } from '../../load/asker.ts';
import type { LoadResult } from '../../load/load-result.ts';
import type { PipelineState } from '../../load/pipeline-state.ts';
import type { DatasetNames, StoredDataset } from '../../load/stored-dataset.ts';
import { loadPackage } from '../attached/load-attached.ts';
import { fileState } from '../attached/publish/file-state.ts';
import { type Published, publishInto } from '../attached/publish/publish-into.ts';
import { readLive } from '../attached/publish/read-live.ts';
import { readDataset } from '../attached/read-dataset.ts';
import { writeState } from '../attached/write-state.ts';
import type { LoadChoices, OpenDestination, PublishedLoad } from '../destination.ts';
import type { DestinationRun } from '../destination-run.ts';
import type { SnapshotDraft } from './snapshots/snapshot-draft.ts';

/** See `Load`; it may say that what it replaces is not worth to be kept. */
type SnapshotLoad<T> = (catalog: string, snapshot: SnapshotDraft | undefined) => Promise<T>;

/** The live file during a run. It is open only while it is read, and while it is replaced. */
export class OpenDuckdbFile implements OpenDestination {
  readonly #path: string;
  readonly #pipeline: PipelineConfig['pipeline'];
  readonly #names: DatasetNames;
  readonly #run: DestinationRun;

  constructor(path: string, pipeline: PipelineConfig['pipeline'], names: DatasetNames, run: DestinationRun) {
    this.#path = path;
    this.#pipeline = pipeline;
    this.#names = names;
    this.#run = run;
  }

  read(): Promise<StoredDataset | undefined> {
    return this.#readLive(this.#run.database, (connection, catalog) => readDataset(connection, catalog, this.#names));
  }

  async query<T>(memory: number, work: (asker: ValueAsker) => Promise<T>): Promise<T | undefined> {
    if (regularFile(this.#path) === undefined) return undefined;
    const database = await Database.open({ memory });
    try {
      return await this.#readLive(database, async (connection, catalog) => {
        await connection.run(`use ${qualifiedName(catalog, this.#names.dataset)}`);
        await database.seal();
        return work(connection);
      });
    } finally {
      database.close();
    }
  }

  async load(loadId: string, { isRecovered, isSmall }: LoadChoices): Promise<PublishedLoad> {
    const { result, states } = await this.#publish(loadId, isSmall, async (catalog, snapshot) => {
      const loaded = await this.#loadInto(catalog, loadId, isRecovered);
      if (!loaded.loaded) snapshot?.describe(undefined);
      return loaded;
    });
    return { ...result, states };
  }

  async writeState(loadId: string, change: (state: PipelineState | undefined) => PipelineState | undefined) {
    const now = BigInt(Math.round(this.#run.effects.now() * 1000));
    const { states } = await this.#publish(loadId, false, async (catalog) => {
      const connection = await this.#run.database.connect();
      try {
        await writeState(connection, { catalog, names: this.#names, loadId, now }, change);
      } finally {
        connection.close();
      }
    });
    return { states };
  }

  async #publish<T>(loadId: string, isSmall: boolean, load: SnapshotLoad<T>): Promise<Published<T>> {
    const { database, effects, signal, findings } = this.#run;
    const { publish } = this.#pipeline;
    const snapshot = await this.#snapshotDraft(loadId);
    const options = { database, path: this.#path, loadId, publish, isSmall, effects, signal, findings, snapshot };
    await database.allowThreadsFor({ bytes: regularFile(this.#path)?.size ?? 0 });
    return publishInto(options, async (catalog) => {
      if (snapshot !== undefined) await this.#describe(snapshot, catalog);
      return load(catalog, snapshot);
    });
  }

  state(): Promise<string> {
    return fileState(realFilePath(this.#path));
  }

  /** Writes to the catalog of the working copy. */
  async #loadInto(catalog: string, loadId: string, isRecovered: boolean): Promise<LoadResult> {
    const { database, effects, allowDelete, expectations, findings } = this.#run;
    await database.prepareFor('publishing');
    const { dataset, pipelineName } = this.#names;
    const how = { allowDelete, isRecovered, expectations, views: this.#pipeline.views, findings };
    const options = { target: catalog, dataset, loadId, pipelineName, now: effects.now(), ...how };
    const connection = await database.connect();
    try {
      return await loadPackage(connection, options);
    } finally {
      connection.close();
      await database.prepareFor('extracting');
    }
  }

  /** What the working copy holds before the load is what the live file does. */
  async #describe(snapshot: SnapshotDraft, catalog: string): Promise<void> {
    const { describeDataset } = await import('./snapshots/describe-dataset.ts');
    const connection = await this.#run.database.connect();
    try {
      snapshot.describe(await describeDataset(connection, catalog, this.#names.dataset));
    } finally {
      connection.close();
    }
  }

  /** Loaded only where snapshots are kept. */
  async #snapshotDraft(replacedBy: string): Promise<SnapshotDraft | undefined> {
    const { publish, name: pipeline } = this.#pipeline;
    if (publish.snapshots === undefined) return undefined;
    const { SnapshotDraft } = await import('./snapshots/snapshot-draft.ts');
    const { effects, findings } = this.#run;
    return new SnapshotDraft({
      live: realFilePath(this.#path),
      ...{ replacedBy, pipeline, dataset: this.#names.dataset, keep: publish.snapshots.keep },
      isWritten: publish.on_writer === 'swap',
      now: effects.now,
      findings,
    });
  }

  #readLive<T>(database: Database, work: (connection: Connection, catalog: string) => Promise<T>) {
    const { effects, signal, findings } = this.#run;
    const { publish, working_dir } = this.#pipeline;
    const workingDir = spillFolder(working_dir);
    const options = { database, path: this.#path, publish, workingDir, effects, signal, findings };
    return readLive(options, async (catalog) => {
      const connection = await database.connect();
      try {
        return await work(connection, catalog);
      } finally {
        connection.close();
      }
    });
  }
}
