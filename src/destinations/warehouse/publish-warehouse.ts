import { PipelineError } from '../../errors.ts';
import { type LoadResult, unchanged } from '../../load/load-result.ts';
import type { PipelineState } from '../../load/pipeline-state.ts';
import type { DatasetNames } from '../../load/stored-dataset.ts';
import { LOADS_TABLE } from '../../schema/names.ts';
import type { Dialect } from './dialect.ts';
import type { PackageLoad } from './loading/package-load.ts';
import { createServerBooks, writeLoad, writeState } from './loading/server-books.ts';
import { writePackage } from './loading/write-package.ts';
import { findLoad, readServerDataset, type Server } from './server-dataset.ts';
import { type Connect, ConnectionLost } from './warehouse-transport.ts';

/** To which dataset of which engine something is published. */
export interface PublishTarget {
  readonly connect: Connect;
  readonly dialect: Dialect;
  readonly names: DatasetNames;
  /** Milliseconds that another load is waited for. */
  readonly wait: number;
}

/**
 * Loads the attached package, visible all at once as far as the engine can. A package that was loaded before is not loaded again.
 * Where the connection is lost at the commit, the dataset tells whether it is there.
 *
 * @throws PipelineError KeyMissing, ContractViolated, DeletesTooMany, ExpectationFailed (exit 7): nothing was changed; DestinationLocked,
 * DestinationFailed (exit 6)
 */
export function publishToWarehouse(target: PublishTarget, load: PackageLoad): Promise<LoadResult> {
  return publishing(target, load.loadId, async (server, begin) => {
    const { dataset } = target.names;
    const stored = await readServerDataset(server, target.names);
    const before = stored.tables.has(LOADS_TABLE) ? await findLoad(server, dataset, load.loadId) : undefined;
    if (before !== undefined) return unchanged(before.versionHash);
    return writePackage({ ...load, server, names: target.names, stored, begin });
  });
}

/** Publishes another state as a load of its own without rows, as dlt does. Nothing where `change` answers undefined. */
export async function publishState(
  target: PublishTarget,
  loadId: string,
  now: number,
  change: (state: PipelineState | undefined) => PipelineState | undefined,
): Promise<void> {
  await publishing(target, loadId, async (server, begin) => {
    const { dataset, schemaName, pipelineName } = target.names;
    const { exists, tables, stored, state: before } = await readServerDataset(server, target.names);
    const state = change(before);
    if (state === undefined) return;
    if (!exists) await server.transport.execute({ sql: server.dialect.createDataset(dataset), values: [] });
    await createServerBooks(server, dataset, tables);
    await begin();
    const book = { server, dataset, loadId, now: BigInt(Math.round(now * 1000)) };
    await writeState(book, pipelineName, state);
    await writeLoad(book, schemaName, stored?.version_hash ?? '');
  });
}

// --- internal ---

/** @param work is told how to begin the transaction of the rows, where tables are not part of it */
type Work<T> = (server: Server, begin: () => Promise<void>) => Promise<T>;

async function publishing<T>(target: PublishTarget, loadId: string, work: Work<T>): Promise<T> {
  const { connect, dialect, names } = target;
  const transport = await connect(loadId);
  let result: { readonly value: T } | undefined;
  try {
    const begin = () => transport.begin();
    if (dialect.atomic === 'load') await begin();
    for (const statement of dialect.lock(names.dataset, target.wait)) await transport.execute(statement);
    result = { value: await work({ transport, dialect }, dialect.atomic === 'load' ? async () => undefined : begin) };
    await transport.commit();
    return result.value;
  } catch (error) {
    if (!(error instanceof ConnectionLost) || result === undefined) {
      await transport.rollback();
      throw error;
    }
    await requireLoaded(target, loadId, error);
    return result.value;
  } finally {
    await transport.close();
  }
}

/** Asks whether the commit that nobody answered was done. Who still commits holds the lock: it is waited for. */
async function requireLoaded({ connect, dialect, names, wait }: PublishTarget, loadId: string, lost: ConnectionLost) {
  const transport = await connect(loadId);
  try {
    await transport.begin();
    for (const statement of dialect.lock(names.dataset, wait)) await transport.execute(statement);
    const server = { transport, dialect };
    const { tables } = await readServerDataset(server, names);
    const found = tables.has(LOADS_TABLE) ? await findLoad(server, names.dataset, loadId) : undefined;
    await transport.rollback();
    if (found === undefined) throw notCommitted(dialect, loadId, lost);
  } finally {
    await transport.close();
  }
}

function notCommitted({ engine }: Dialect, loadId: string, cause: ConnectionLost): PipelineError {
  return new PipelineError({
    code: 'DestinationFailed',
    message: `The connection to ${engine} was lost while load ${loadId} was committed, and nothing of it is there.`,
    hint: 'Nothing was changed. Run again.',
    facts: { engine, loadId },
    cause,
  });
}
