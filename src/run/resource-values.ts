import type { Connection } from '../duckdb/connection.ts';
import { interruptUntil } from '../duckdb/interrupt.ts';
import { throwIfInterrupted } from '../extract/interruption.ts';
import type { StillToCome } from '../extract/param-values.ts';
import { withConnection } from './attached-package.ts';
import { queryFailed, requireOneSelect, tooManyValues, tooSlow } from './one-select.ts';
import type { Run } from './open-run.ts';

const MOST_VALUES = 1_000_000;
/** Milliseconds. */
const TIME_LIMIT = 60_000;
/** Megabytes: enough to sort millions of ids; there is no disk to spill to. */
const MEMORY = 500;

/**
 * Values of the first column of a `query`, read from the live file in a DuckDB that sees nothing else; or which of the
 * file, the dataset, or a table that the configuration names is still to come.
 */
export async function queryIds(run: Run, sql: string): Promise<(string | number)[] | StillToCome> {
  await withConnection(run, (connection) => requireOneSelect(connection, sql));
  try {
    const ids = await run.destination.query(MEMORY, (connection) => selected(run, connection, sql));
    return ids ?? { stillToCome: 'file' };
  } catch (error) {
    const missing = stillToCome(run, error);
    if (missing !== undefined) return { stillToCome: missing };
    throw queryFailed(sql, error);
  }
}

// --- internal ---

async function selected(run: Run, connection: Connection, sql: string): Promise<(string | number)[]> {
  const ids: (string | number)[] = [];
  for await (const id of inTime(run, connection, sql)) {
    if (ids.length === MOST_VALUES) throw tooManyValues(sql, MOST_VALUES);
    ids.push(id);
  }
  return ids;
}

/** Ends with the run's interruption or when the time is over, whatever DuckDB is doing. */
async function* inTime({ effects, signal }: Run, connection: Connection, sql: string) {
  const ended = new AbortController();
  const late = new AbortController();
  effects.sleep(TIME_LIMIT, ended.signal).then(
    () => late.abort(),
    () => undefined,
  );
  const stop = AbortSignal.any([late.signal, ...(signal === undefined ? [] : [signal])]);
  stop.addEventListener('abort', () => void interruptUntil(ended.signal, connection), { once: true });
  try {
    throwIfInterrupted(signal);
    yield* connection.firstColumn(sql, MOST_VALUES + 1);
  } catch (error) {
    throwIfInterrupted(signal);
    throw late.signal.aborted ? tooSlow(sql, TIME_LIMIT) : error;
  } finally {
    ended.abort();
  }
}

/** The dataset, or a table that a resource will make, nested ones included: a first run has none. */
function stillToCome({ config }: Run, error: unknown): string | undefined {
  const text = error instanceof Error ? error.message : '';
  if (/^Catalog Error: .*No catalog \+ schema/.test(text)) return `dataset \`${config.pipeline.dataset_name}\``;
  const [, missing] = /^Catalog Error: Table with name (.+) does not exist!/.exec(text) ?? [];
  const table = missing?.toLowerCase();
  const isOurs = config.source.resources.some(
    ({ table_name: root }) => table === root || table?.startsWith(`${root}__`),
  );
  return isOurs ? `table \`${table}\`` : undefined;
}
