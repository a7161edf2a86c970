import { PipelineError, type Trace } from '../../src/index.ts';
import type { OracleCase } from './oracle-case.ts';
import { Replay } from './replay.ts';
import { type Loaded, loadedTogether } from './together.ts';

/** What our pipeline makes of a case: its tables, and the code of the error that ended it. */
interface Replayed extends Pick<Loaded, 'tables'> {
  readonly error: string | null;
}

/** Replays cases: those that name their table, or may fail, one by one; all others together. */
export function replayed(cases: readonly OracleCase[]): (one: OracleCase) => Promise<Replayed> {
  const ordinary = cases.filter((one) => one.table === 't' && one.error === null && !isRefused(one));
  const loaded = loadedTogether(ordinary.map((one) => ({ ...hintsOf(one), runs: one.runs })));
  return async (one) => {
    const index = ordinary.indexOf(one);
    return index < 0 ? replay(one) : { tables: (await loaded(index)).tables, error: null };
  };
}

// --- internal ---

/** A merge without a key is no configuration. */
function isRefused({ hints }: OracleCase): boolean {
  return hints.write_disposition === 'merge' && hints.primary_key === undefined && hints.merge_key === undefined;
}

function hintsOf({ hints, max_table_nesting: nesting }: OracleCase) {
  return { ...hints, ...(nesting === null ? {} : { max_table_nesting: nesting }) };
}

async function replay(one: OracleCase): Promise<Replayed> {
  const project = await Replay.open();
  for (const rows of one.runs) {
    const error = await failureOf(() => project.run({ name: 't', table_name: one.table, ...hintsOf(one), rows }));
    if (error !== null) return { tables: await project.tables(), error };
  }
  return { tables: await project.tables(), error: null };
}

async function failureOf(run: () => Promise<Trace>): Promise<string | null> {
  try {
    return (await run()).failure?.code ?? null;
  } catch (thrown) {
    if (thrown instanceof PipelineError) return thrown.code;
    throw thrown;
  }
}
