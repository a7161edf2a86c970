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
import type { LoadChoices, OpenDestination, PublishedLoad } from '../destination.ts';
import type { DestinationRun } from '../destination-run.ts';
import { type AttachedKind, duckdbKind } from './attached-kind.ts';
import { loadPackage } from './load-attached.ts';
import { type CatalogueFile, plainFile } from './publish/catalogue-file.ts';
import type { FileKeeper } from './publish/file-keeper.ts';
import { fileState } from './publish/file-state.ts';
import { type Published, publishInto } from './publish/publish-into.ts';
import { readLive } from './publish/read-live.ts';
import { readDataset } from './read-dataset.ts';
import { writeState } from './write-state.ts';

/** A file with a catalogue, and whose. */
export interface AttachedFile {
  readonly path: string;
  readonly pipeline: PipelineConfig['pipeline'];
  readonly names: DatasetNames;
  /** Default: that of a DuckDB file */
  readonly kind?: AttachedKind;
  /** Default: the tables are in the file */
  readonly catalogue?: CatalogueFile;
  /** A folder that statements of others may read, because the rows are there. */
  readonly dataPath?: string;
  /** What becomes of the file that a load replaces. Default: it goes */
  readonly keeperOf?: (run: DestinationRun, loadId: string) => Promise<LoadKeeper | undefined>;
}

/** Keeps what a load replaces, where that is worth it. */
export interface LoadKeeper extends FileKeeper {
  /** Before the load; the working copy holds what the live file does. */
  look(catalog: string): Promise<void>;
  /** The load changed nothing. */
  forget(): void;
}

/** See `Load`; it may say that what it replaces is not worth to be kept. */
type KeptLoad<T> = (catalog: string, keeper: LoadKeeper | undefined) => Promise<T>;

/** The live file during a run. It is open only while it is read, and while it is replaced. */
export class OpenAttachedFile implements OpenDestination {
  readonly #file: AttachedFile;
  readonly #run: DestinationRun;

  constructor(file: AttachedFile, run: DestinationRun) {
    this.#file = file;
    this.#run = run;
  }

  read(): Promise<StoredDataset | undefined> {
    return this.#readLive(this.#run.database, (connection, catalog) =>
      readDataset(connection, catalog, this.#file.names),
    );
  }

  async query<T>(memory: number, work: (asker: ValueAsker) => Promise<T>): Promise<T | undefined> {
    if (regularFile(this.#file.path) === undefined) return undefined;
    const database = await Database.open({ memory });
    try {
      return await this.#readLive(database, async (connection, catalog) => {
        await connection.run(`use ${qualifiedName(catalog, this.#file.names.dataset)}`);
        await database.seal({ readable: this.#file.dataPath });
        return work(connection);
      });
    } finally {
      database.close();
    }
  }

  async load(loadId: string, { isRecovered, isSmall }: LoadChoices): Promise<PublishedLoad> {
    const { result, states } = await this.#publish(loadId, isSmall, async (catalog, keeper) => {
      const loaded = await this.#loadInto(catalog, loadId, isRecovered);
      if (!loaded.loaded) keeper?.forget();
      return loaded;
    });
    return { ...result, states };
  }

  async writeState(loadId: string, change: (state: PipelineState | undefined) => PipelineState | undefined) {
    const now = BigInt(Math.round(this.#run.effects.now() * 1000));
    const { states } = await this.#publish(loadId, false, async (catalog) => {
      const connection = await this.#run.database.connect();
      try {
        await writeState(connection, { catalog, names: this.#file.names, loadId, now }, change);
      } finally {
        connection.close();
      }
    });
    return { states };
  }

  async #publish<T>(loadId: string, isSmall: boolean, load: KeptLoad<T>): Promise<Published<T>> {
    const { database, effects, signal, findings } = this.#run;
    const { path, pipeline, catalogue = plainFile, keeperOf } = this.#file;
    const { publish } = pipeline;
    const keeper = await keeperOf?.(this.#run, loadId);
    const how = { publish, isSmall, catalogue, snapshot: keeper };
    await database.allowThreadsFor({ bytes: regularFile(path)?.size ?? 0 });
    return publishInto({ database, path, loadId, ...how, effects, signal, findings }, async (catalog) => {
      await keeper?.look(catalog);
      return load(catalog, keeper);
    });
  }

  state(): Promise<string> {
    return fileState(realFilePath(this.#file.path));
  }

  /** Writes to the catalog of the working copy. */
  async #loadInto(catalog: string, loadId: string, isRecovered: boolean): Promise<LoadResult> {
    const { database, effects, allowDelete, expectations, findings } = this.#run;
    await database.prepareFor('publishing');
    const { dataset, pipelineName } = this.#file.names;
    const { kind = duckdbKind, pipeline } = this.#file;
    const how = { kind, allowDelete, isRecovered, expectations, views: pipeline.views, findings };
    const options = { target: catalog, dataset, loadId, pipelineName, now: effects.now(), ...how };
    const connection = await database.connect();
    try {
      return await loadPackage(connection, options);
    } finally {
      connection.close();
      await database.prepareFor('extracting');
    }
  }

  #readLive<T>(database: Database, work: (connection: Connection, catalog: string) => Promise<T>) {
    const { effects, signal, findings } = this.#run;
    const { path, pipeline, catalogue = plainFile } = this.#file;
    const { publish, working_dir } = pipeline;
    const workingDir = spillFolder(working_dir);
    const options = { database, path, publish, catalogue, workingDir, effects, signal, findings };
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
