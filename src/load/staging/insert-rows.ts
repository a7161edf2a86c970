import { quotedIdentifier } from '../../duckdb/quote.ts';
import type { LoadContext } from '../load-context.ts';
import { tally } from '../row-tally.ts';
import type { TablePlan } from '../table-plan.ts';
import { targetTable } from '../target.ts';
import { packageRows, rowSource } from './row-source.ts';
import { type Fragment, fragment } from './sql-fragment.ts';

export interface InsertOptions {
  /** SQL after `from <package table> as p`, such as a semi join: which rows. */
  readonly which?: Fragment;
  /** Values that do not come from the package, by column. */
  readonly given?: ReadonlyMap<string, Fragment>;
}

/** The rows of one package table, in one pass straight from the package. */
export async function insertRows(
  context: LoadContext,
  table: TablePlan,
  { which = fragment(''), given = new Map() }: InsertOptions = {},
): Promise<void> {
  if (table.rows === 0) return;
  const { columns, select } = rowSource(table, context, { given });
  const names = columns.map(quotedIdentifier).join(', ');
  const inserted = await context.connection.change(
    `insert into ${targetTable(context, table.name)} (${names}) select ${select.sql} from ${packageRows(table, context)} ${which.sql}`,
    [...select.values, ...which.values],
  );
  tally(context.tallies, table.name, { inserted });
}

/** Leaves the table with its columns, comments and indexes. */
export async function deleteAllRows(context: LoadContext, table: TablePlan): Promise<void> {
  if (table.action === 'create') return;
  const deleted = await context.connection.change(`delete from ${targetTable(context, table.name)}`);
  tally(context.tallies, table.name, { deleted });
}
