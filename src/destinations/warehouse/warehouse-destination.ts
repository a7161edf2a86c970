import type { PipelineConfig } from '../../config/pipeline-config.ts';
import type { PlainRow } from '../../duckdb/plain-rows.ts';
import { PipelineError } from '../../errors.ts';
import type { FilePlace } from '../../files/file-store.ts';
import type { Symptom } from '../../report/doctor-text.ts';
import type { Destination } from '../destination.ts';
import type { DestinationRun } from '../destination-run.ts';
import type { ClientName } from '../require-client.ts';
import type { Warehouse } from './warehouse.ts';
import type { Connect } from './warehouse-transport.ts';

export interface WarehouseParts {
  readonly location: string;
  /** Libraries without which nothing of it works. */
  readonly clients: readonly ClientName[];
  readonly files: FilePlace;
  readonly pipeline: PipelineConfig['pipeline'];
  /** dlt's `create_indexes`. */
  readonly createIndexes: boolean;
  /** Loads what it takes to talk to the engine. */
  readonly reach: () => Promise<Warehouse>;
  /** Sessions that load, which end when the signal is aborted. */
  readonly connect: (run: Pick<DestinationRun, 'signal' | 'effects'>) => Connect;
  readonly examine: () => Promise<Symptom[]>;
}

/** A dataset of an engine that is asked over the network. What it takes to talk to it is loaded when it is needed. */
export function warehouseDestination(parts: WarehouseParts): Destination {
  const { location, clients, files, pipeline, createIndexes, reach, connect, examine } = parts;
  return {
    location,
    files,
    // Whether it can be reached, the run finds out with its first question; `validate` sends nothing.
    check: async () => (await import('../require-client.ts')).requireClients(clients),
    copyTo: async (path, note) => (await import('./copy-of-warehouse.ts')).copyWarehouse(await reach(), path, note),
    open: async (run) => {
      await (await import('../require-client.ts')).requireInstalled(clients);
      const { OpenWarehouse } = await import('./open-warehouse.ts');
      return new OpenWarehouse({
        warehouse: await reach(),
        connect: connect(run),
        pipeline,
        createIndexes,
        run,
      });
    },
    summary: async (loads = 5) => (await import('./summarize-server.ts')).summarizeServer(await reach(), loads),
    examine,
    books: async () => (await import('./read-server-books.ts')).readServerBooks(await reach()),
    states: async () => (await import('./read-server-books.ts')).readServerStates(await reach()),
    reader: async (allowed) =>
      (await import('./warehouse-reader.ts')).WarehouseReader.open(await reach(), allowed?.writable),
    words: async () => (await reach()).dialect,
    snapshots: () => Promise.reject(noSnapshots(location)),
    rows: (table) => serverRows(reach, table),
  };
}

// --- internal ---

async function* serverRows(reach: () => Promise<Warehouse>, table: string): AsyncGenerator<PlainRow> {
  const { serverRows: rows } = await import('./server-rows.ts');
  yield* rows(await reach(), table);
}

function noSnapshots(location: string): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `${location} keeps no snapshots: they are copies of a DuckDB file.`,
    hint: 'What a server was before, its own backups know.',
    facts: { destination: location },
  });
}
