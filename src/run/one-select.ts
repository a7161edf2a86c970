import type { Connection } from '../duckdb/connection.ts';
import { isOutOfMemory } from '../duckdb/out-of-memory.ts';
import { whyNotOneSelect } from '../duckdb/select-check.ts';
import { PipelineError } from '../errors.ts';
import { count } from '../text/count.ts';
import { didYouMean } from '../text/nearest.ts';
import { printable } from '../text/printable.ts';

const READS_ONLY =
  'Write one `select` whose first column gives the values. It reads the live file and changes nothing: no `copy`, `attach`, `set` or `insert`.';

/** Parses the text and runs nothing of it. Throws ConfigInvalid unless it is exactly one `select`. */
export async function requireOneSelect(connection: Connection, sql: string): Promise<void> {
  const reason = await whyNotOneSelect(connection, sql);
  if (reason !== undefined) throw refused(sql, reason, READS_ONLY);
}

export function tooManyValues(sql: string, most: number): PipelineError {
  return refused(sql, `gives more than ${count(most, 'value')}`, 'Add a `where` or a `limit` to it.');
}

export function columnMissing(sql: string, column: string, there: readonly string[]): PipelineError {
  const what = `gives no column \`${column}\`${didYouMean(column, there)}`;
  return refused(sql, what, `Its columns are: ${there.join(', ')}. Name them as they are, or with \`as\` in it.`);
}

/** @param limit milliseconds */
export function tooSlow(sql: string, limit: number): PipelineError {
  return refused(sql, `took longer than ${limit / 1000} seconds`, 'Make it read less, or give its values as a `list`.');
}

/** What DuckDB says of a statement that it did not like, without the excerpt below it. */
export function queryFailed(sql: string, error: unknown): unknown {
  if (error instanceof PipelineError || !(error instanceof Error)) return error;
  if (isOutOfMemory(error)) {
    return refused(sql, 'needs too much memory', 'Make it read or sort less, or give its values as a `list`.', error);
  }
  const [reason = ''] = error.message.split('\n\n', 1);
  const hint =
    'Try it: dezgo-elt query "…". It is asked in the SQL of the destination, with the dataset as its search path; other files, extensions and settings are out of reach.';
  return refused(sql, `failed: ${reason.replaceAll('\n', ' ')}`, hint, error);
}

// --- internal ---

function refused(sql: string, what: string, hint: string, cause?: unknown): PipelineError {
  return new PipelineError({
    code: 'ConfigInvalid',
    message: `The query \`${printable(sql)}\` for parameter values ${what}`,
    hint,
    facts: { query: sql },
    cause,
  });
}
