import type { PipelineConfig } from '../../config/pipeline-config.ts';
import type { Connection } from '../../duckdb/connection.ts';
import { Database } from '../../duckdb/database.ts';
import { realFilePath } from '../../duckdb/held-files.ts';
import { qualifiedName } from '../../duckdb/quote.ts';
import { regularFile } from '../../duckdb/regular-file.ts';
import { spillFolder } from '../../files/working-folder.ts';
import type { LoadResult } from '../../load/load-result.ts';
import type { PipelineState } from '../../load/pipeline-state.ts';
import type { DatasetNames, StoredDataset } from '../../load/stored-dataset.ts';
import type { DestinationRun, LoadChoices, OpenDestination, PublishedLoad } from '../destination.ts';
import { loadPackage } from './load-attached.ts';
import { fileState } from './publish/file-state.ts';
import type { Load } from './publish/load-into.ts';
import { type Published, publishInto } from './publish/publish-into.ts';
import { readLive } from './publish/read-live.ts';
import { readDataset } from './read-dataset.ts';
import { writeState } from './write-state.ts';

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

  async query<T>(memory: number, work: (connection: Connection) => Promise<T>): Promise<T | undefined> {
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
    const { result, states } = await this.#publish(loadId, isSmall, (catalog) =>
      this.#loadInto(catalog, loadId, isRecovered),
    );
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

  async #publish<T>(loadId: string, isSmall: boolean, load: Load<T>): Promise<Published<T>> {
    const { database, effects, signal, findings } = this.#run;
    const { publish } = this.#pipeline;
    await database.allowThreadsFor({ bytes: regularFile(this.#path)?.size ?? 0 });
    return publishInto({ database, path: this.#path, loadId, publish, isSmall, effects, signal, findings }, load);
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
