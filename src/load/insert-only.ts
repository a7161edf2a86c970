import { quotedIdentifier } from '../duckdb/quote.ts';
import { DLT_ID } from '../schema/names.ts';
import { insertRows } from './insert-rows.ts';
import type { LoadContext } from './load-context.ts';
import type { ChainPlan } from './plan.ts';
import { columnValue, keyColumns } from './row-source.ts';
import { type Fragment, fragment, joined } from './sql-fragment.ts';
import { dropSurvivors, findSurvivors, restrictedTo } from './survivors.ts';
import { type ColumnPlan, columnsNamed, type TablePlan } from './table-plan.ts';
import { targetTable } from './target.ts';

/** Rows whose primary key is new are inserted, nested ones whose `_dlt_id` is new; what is there stays as it is. */
export async function insertOnly(context: LoadContext, { root, nested }: ChainPlan): Promise<number> {
  if (root.rows === 0) return 0;
  const { primary } = keyColumns(root);
  const survivors = await findSurvivors(context, root, { identity: primary, required: primary });
  for (const table of [root, ...nested]) {
    const missing = whereAbsent(context, table, table === root ? primary : columnsNamed(table, DLT_ID));
    await insertRows(context, table, { which: joined([restrictedTo(survivors, table), missing], ' ') });
  }
  await dropSurvivors(context, survivors);
  return survivors.duplicates;
}

/** Package rows that have no row with the same values of `columns` in the destination; `among` narrows that row `d`. */
export function whereAbsent(
  context: LoadContext,
  table: TablePlan,
  columns: readonly ColumnPlan[],
  among: Fragment = fragment('true'),
): Fragment {
  if (table.action === 'create') return fragment('');
  const equal = columns.flatMap((column) => {
    const value = columnValue(table, column, context);
    return value === undefined ? [] : [fragment(`d.${quotedIdentifier(column.name)} = ${value.sql}`, ...value.values)];
  });
  const same = joined([...equal, among], ' and ');
  return fragment(`where not exists (from ${targetTable(context, table.name)} as d where ${same.sql})`, ...same.values);
}
