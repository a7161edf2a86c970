import { destinationRules } from '../config/grammar/destination-schema.ts';
import type { ParentBinding } from '../config/parents.ts';
import { interruptUntil } from '../duckdb/interrupt.ts';
import type { ChainSeeds } from '../extract/chain-seeds.ts';
import { throwIfInterrupted } from '../extract/interruption.ts';
import type { StillToCome, ValueRow } from '../extract/param-values.ts';
import { StatementFailed, type ValueAsker } from '../load/asker.ts';
import { withConnection } from './attached-package.ts';
import { columnMissing, queryFailed, requireOneSelect, tooManyValues, tooSlow } from './one-select.ts';
import type { Run } from './open-run.ts';

const MOST_VALUES = 1_000_000;
/** Milliseconds. */
const TIME_LIMIT = 60_000;
/** Megabytes: enough to sort millions of ids; there is no disk to spill to. */
const MEMORY = 500;

/** What values are looked up with, in a run or for the plan of one. */
export interface Asking
  extends Pick<Run, 'config' | 'effects' | 'signal' | 'database' | 'destination'>,
    Partial<Pick<Run, 'replies'>> {
  /** What a child asks for, where no package has the records of its parent. */
  readonly ofParent?: (child: string, binding: ParentBinding) => Promise<ChainSeeds>;
}

/**
 * Values of the first column of a `query`, read from the destination, of which it sees nothing else; or which of the
 * file, the dataset, or a table that the configuration names is still to come.
 */
export async function queryIds(run: Asking, sql: string): Promise<(string | number)[] | StillToCome> {
  return queried(run, sql, (asker) => asker.firstColumn(sql, MOST_VALUES + 1));
}

/** The same for the columns of these names; the empty name is the first column's. */
export async function queryRows(
  run: Asking,
  sql: string,
  columns: readonly string[],
): Promise<ValueRow[] | StillToCome> {
  return queried(run, sql, (asker) => namedColumns(asker, sql, columns));
}

// --- internal ---

async function* namedColumns(asker: ValueAsker, sql: string, columns: readonly string[]) {
  const there = await asker.keepResult(sql);
  const names = columns.map((column) => {
    const name = column === '' ? there[0] : there.find((other) => other.toLowerCase() === column.toLowerCase());
    if (name === undefined) throw columnMissing(sql, column, there);
    return name;
  });
  for await (const values of asker.resultRows(names, MOST_VALUES + 1)) {
    yield Object.fromEntries(columns.map((column, index) => [column, values[index] ?? null]));
  }
}

async function queried<Value>(
  run: Asking,
  sql: string,
  read: (asker: ValueAsker) => AsyncGenerator<Value>,
): Promise<Value[] | StillToCome> {
  if (destinationRules(run.config.pipeline.destination.type).engine === undefined)
    await withConnection(run, (connection) => requireOneSelect(connection, sql));
  try {
    const values = await run.destination.query(MEMORY, (asker) => selected(run, asker, sql, read));
    return values ?? { stillToCome: 'file' };
  } catch (error) {
    const missing = stillToCome(run, error);
    if (missing !== undefined) return { stillToCome: missing };
    throw queryFailed(sql, error);
  }
}

async function selected<Value>(
  run: Asking,
  asker: ValueAsker,
  sql: string,
  read: (asker: ValueAsker) => AsyncGenerator<Value>,
): Promise<Value[]> {
  const values: Value[] = [];
  for await (const value of inTime(run, asker, sql, read)) {
    if (values.length === MOST_VALUES) throw tooManyValues(sql, MOST_VALUES);
    values.push(value);
  }
  return values;
}

/** Ends with the run's interruption or when the time is over, whatever DuckDB is doing. */
async function* inTime<Value>(
  { effects, signal }: Asking,
  asker: ValueAsker,
  sql: string,
  read: (asker: ValueAsker) => AsyncGenerator<Value>,
): AsyncGenerator<Value> {
  const ended = new AbortController();
  const late = new AbortController();
  effects.sleep(TIME_LIMIT, ended.signal).then(
    () => late.abort(),
    () => undefined,
  );
  const stop = AbortSignal.any([late.signal, ...(signal === undefined ? [] : [signal])]);
  stop.addEventListener('abort', () => void interruptUntil(ended.signal, asker), { once: true });
  try {
    throwIfInterrupted(signal);
    yield* read(asker);
  } catch (error) {
    throwIfInterrupted(signal);
    throw late.signal.aborted ? tooSlow(sql, TIME_LIMIT) : error;
  } finally {
    ended.abort();
  }
}

/** The dataset, or a table that a resource will make, nested ones included: a first run has none. */
function stillToCome({ config }: Asking, error: unknown): string | undefined {
  const text = error instanceof Error ? error.message : '';
  if (/^Catalog Error: .*No catalog \+ schema/.test(text)) return `dataset \`${config.pipeline.dataset_name}\``;
  const [, named] = /^Catalog Error: Table with name (.+) does not exist!/.exec(text) ?? [];
  const missing = error instanceof StatementFailed ? error.missing : named;
  const table = missing?.toLowerCase();
  const isOurs = config.source.resources.some(
    ({ table_name: root }) => table === root || table?.startsWith(`${root}__`),
  );
  return isOurs ? `table \`${table}\`` : undefined;
}
