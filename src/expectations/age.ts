import { PipelineError } from '../errors.ts';
import type { ActualColumn } from '../load/catalogue.ts';
import { DLT_LOAD_ID } from '../schema/names.ts';
import { ago, configured } from '../text/duration.ts';
import { isoTime } from '../text/iso-time.ts';
import type { AskedDataset, AskingSql } from './asked-dataset.ts';
import type { Check, Expectation } from './expectation.ts';
import { columnOf, type TableFacts } from './table-facts.ts';

/**
 * What is to be said of the newest row of a table; nothing where it is young enough. By when it was loaded, or by a column: a
 * timestamp, a date, or text that reads like one.
 *
 * @param now milliseconds since 1970
 * @throws PipelineError ConfigInvalid: no such column
 */
export async function ageOf(
  { asker, sql }: AskedDataset,
  table: TableFacts,
  { column, age }: Extract<Check, { kind: 'max_age' }>,
  expectation: Expectation,
  now: number,
): Promise<{ message?: string }> {
  const time =
    column === undefined ? loadTime(sql, table, expectation) : columnTime(sql, columnOf(table, column, expectation));
  const newestOf = sql.milliseconds(`max(${time.sql})`);
  const row = await asker.row(`select ${newestOf} as newest from ${table.rows.sql}`, table.rows.values);
  if (row?.newest === null || row?.newest === undefined) return { message: `there is no row with ${time.called}` };
  const newest = Number(row.newest);
  if (now - newest <= age) return {};
  return {
    message: `the newest row is from ${isoTime(newest)} by ${time.called}, ${ago(now - newest)}, expected at most ${configured(age)}`,
  };
}

// --- internal ---

/** A SQL expression that gives a timestamp, and what a person calls it. */
interface RowTime {
  readonly sql: string;
  readonly called: string;
}

function columnTime(sql: AskingSql, column: ActualColumn): RowTime {
  const { name } = column;
  return { sql: sql.instant(sql.identifier(name), column), called: `\`${name}\`` };
}

/** A load id is the time when its package was begun, in seconds. */
function loadTime(sql: AskingSql, { columns, name: table }: TableFacts, { name }: Expectation): RowTime {
  if (columns.some((column) => column.name === DLT_LOAD_ID))
    return { sql: sql.loadInstant(sql.identifier(DLT_LOAD_ID)), called: 'its load' };
  throw new PipelineError({
    code: 'ConfigInvalid',
    message: `The expectation \`${name}\` asks when rows of \`${table}\` were loaded, which only the table of the resource itself tells. Nothing was published.`,
    hint: 'Name a column with a timestamp: `max_age: { updated_at: 26h }`.',
    facts: { expectation: name, table },
  });
}
