import { quotedIdentifier } from '../../duckdb/quote.ts';
import type { LoadContext } from '../load-context.ts';
import type { ColumnPlan, TablePlan } from '../table-plan.ts';
import { targetTable } from '../target.ts';
import { columnValue } from './row-source.ts';
import { type Fragment, fragment, joined } from './sql-fragment.ts';

/** Package rows that have no row with the same values of `columns` in the destination; `among` narrows that row `d`. */
export function whereAbsent(
  context: LoadContext,
  table: TablePlan,
  columns: readonly ColumnPlan[],
  among: Fragment = fragment('true'),
): Fragment {
  if (table.action === 'create') return fragment('');
  const { sql, values } = existsInDestination(context, table, columns, among);
  return fragment(`where not ${sql}`, ...values);
}

/** Package rows that have one. */
export function wherePresent(context: LoadContext, table: TablePlan, columns: readonly ColumnPlan[]): Fragment {
  if (table.action === 'create') return fragment('where false');
  const { sql, values } = existsInDestination(context, table, columns, fragment('true'));
  return fragment(`where ${sql}`, ...values);
}

function existsInDestination(
  context: LoadContext,
  table: TablePlan,
  columns: readonly ColumnPlan[],
  among: Fragment,
): Fragment {
  const equal = columns.flatMap((column) => {
    const value = columnValue(table, column, context);
    return value === undefined ? [] : [fragment(`d.${quotedIdentifier(column.name)} = ${value.sql}`, ...value.values)];
  });
  const same = joined([...equal, among], ' and ');
  return fragment(`exists (from ${targetTable(context, table.name)} as d where ${same.sql})`, ...same.values);
}
