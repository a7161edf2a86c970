import { isAboutFile } from '../duckdb/file-errors.ts';
import { memoryError } from '../duckdb/out-of-memory.ts';
import { PipelineError } from '../errors.ts';

/** DuckDB begins with the kind of error: `Conversion Error: …`, `Out of Memory Error: …`. */
const DUCKDB_ERROR = /^[A-Z][A-Za-z ]* Error: /;

const REFUSED = /^(Conversion|Constraint|Out of Range) Error/;
/** Of a table that changes as well, DuckDB looks at unique indexes only when all is done. */
const REFUSED_LATE = /^TransactionContext Error: Failed to commit: .*constraint violation/;

/** What was being done when DuckDB refused. */
interface Doing {
  readonly loadId: string;
  /** The table that was being changed or filled; null for the books. */
  readonly table: string | null;
}

/** Does it, and tells what DuckDB throws as an error of ours. */
export async function telling<T>(doing: Doing, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw loadError(thrown, doing);
  }
}

/**
 * What DuckDB threw while loading, as a member of the family: a value that does not fit its column or a missing required one
 * is a contract (exit 7, never tried again), everything else is the destination (exit 6, tried again by the next run).
 */
function loadError(thrown: unknown, { loadId, table }: Doing): unknown {
  if (thrown instanceof PipelineError || !(thrown instanceof Error)) return thrown;
  const text = thrown.message.split('\n', 1)[0] ?? '';
  if (!DUCKDB_ERROR.test(text)) return thrown; // a defect of ours: it becomes Internal
  const refused = (table !== null && REFUSED.test(text)) || REFUSED_LATE.test(text);
  // What was refused is quoted in the message, and can read as if it were about a file.
  if (!refused && isAboutFile(thrown)) return thrown; // who opened the file knows its path: see load-into.ts
  const where = table === null ? (refused ? 'its tables' : 'the books') : `table \`${table}\``;
  const noMemory = memoryError(thrown, `load package ${loadId} into ${where}`);
  if (noMemory !== undefined && !refused) return noMemory;
  return new PipelineError({
    code: refused ? 'ContractViolated' : 'DestinationFailed',
    message: `Load package ${loadId} could not be loaded into ${where}: ${text}`,
    hint: refused ? hintOf(text) : 'Nothing was changed. Run again.',
    facts: { loadId, table, duckdb: text },
    cause: thrown,
  });
}

function hintOf(refusal: string): string {
  if (/to DECIMAL\(38,0\)/.test(refusal))
    return 'Integers have 38 digits at most here. Give the column `data_type: text` in the `columns` of the resource, and run again.';
  return 'A value does not fit its column, or breaks a constraint of the table. Check the hints of the resource and constraints or unique indexes that somebody put on the table.';
}
