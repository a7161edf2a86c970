import type { PipelineConfig } from '../../config/pipeline-config.ts';
import type { ValueAsker } from '../../load/asker.ts';
import type { PipelineState } from '../../load/pipeline-state.ts';
import type { StoredDataset } from '../../load/stored-dataset.ts';
import type { LoadChoices, OpenDestination, PublishedLoad } from '../destination.ts';
import type { DestinationRun } from '../destination-run.ts';
import { askedOfServer } from './asked-of-server.ts';
import { publishState, publishToWarehouse } from './publish-warehouse.ts';
import { readServerDataset } from './server-dataset.ts';
import { serverState } from './server-state.ts';
import { readingServer, type Warehouse } from './warehouse.ts';
import type { Connect } from './warehouse-transport.ts';

export interface WarehouseRun {
  readonly warehouse: Warehouse;
  /** Sessions that load. */
  readonly connect: Connect;
  readonly pipeline: PipelineConfig['pipeline'];
  /** dlt's `create_indexes`. */
  readonly createIndexes: boolean;
  readonly run: DestinationRun;
}

/** A warehouse during a run. A session is open only while it is read, and while a load is published. */
export class OpenWarehouse implements OpenDestination {
  readonly #warehouse: Warehouse;
  readonly #parts: WarehouseRun;

  constructor(parts: WarehouseRun) {
    this.#warehouse = parts.warehouse;
    this.#parts = parts;
  }

  async read(): Promise<StoredDataset | undefined> {
    const found = await readingServer(this.#warehouse, (server) => readServerDataset(server, this.#warehouse.names));
    return found.exists ? found : undefined;
  }

  async query<T>(_memory: number, work: (asker: ValueAsker) => Promise<T>): Promise<T | undefined> {
    const session = await this.#warehouse.ask();
    try {
      if ((await session.describe()).length === 0) return undefined;
      return await work(session);
    } finally {
      session.close();
    }
  }

  async load(loadId: string, { isRecovered }: LoadChoices): Promise<PublishedLoad> {
    const { database, effects, allowDelete = false, expectations, findings } = this.#parts.run;
    const { createIndexes, pipeline } = this.#parts;
    const { dataset } = this.#warehouse.names;
    const before = await this.state();
    const connection = await database.connect();
    try {
      const result = await publishToWarehouse(this.#target, {
        ...{ loadId, connection, isRecovered, allowDelete, createIndexes, expectations, findings },
        views: pipeline.views ?? {},
        now: effects.now(),
        asked: (transport) => askedOfServer({ transport, dialect: this.#warehouse.dialect }, dataset),
      });
      return { ...result, states: { before, after: await this.state() } };
    } finally {
      connection.close();
    }
  }

  async writeState(loadId: string, change: (state: PipelineState | undefined) => PipelineState | undefined) {
    const before = await this.state();
    await publishState(this.#target, loadId, this.#parts.run.effects.now(), change);
    return { states: { before, after: await this.state() } };
  }

  state(): Promise<string> {
    return readingServer(this.#warehouse, (server) => serverState(server, this.#warehouse.names.dataset));
  }

  get #target() {
    const { connect, pipeline } = this.#parts;
    const { dialect, names } = this.#warehouse;
    return { connect, dialect, names, wait: pipeline.publish.wait };
  }
}
