import { quotedIdentifier } from '../../../duckdb/quote.ts';
import type { LoadContext } from '../../../load/load-context.ts';
import type { ChainPlan } from '../../../load/plan.ts';
import type { RowCounts } from '../../../load/row-counts.ts';
import { insertRows } from '../../../load/staging/insert-rows.ts';
import { withOwnKeys } from '../../../load/staging/own-keys.ts';
import { whereAbsent, wherePresent } from '../../../load/staging/present-rows.ts';
import { keyColumns, packageRows } from '../../../load/staging/row-source.ts';
import { type Fragment, joined } from '../../../load/staging/sql-fragment.ts';
import { dropSurvivors, findSurvivors, restrictedTo } from '../../../load/staging/survivors.ts';
import { columnsNamed, type TablePlan } from '../../../load/table-plan.ts';
import { ROOT_ROW, ROW } from '../../../package/layout.ts';
import { DLT_ID } from '../../../schema/names.ts';

/** Rows whose primary key is new are inserted, nested ones whose `_dlt_id` is new; what is there stays as it is. */
export async function insertOnly(context: LoadContext, chain: ChainPlan): Promise<RowCounts> {
  const { root, nested } = chain;
  if (root.rows === 0) return {};
  const { primary } = keyColumns(root);
  const survivors = await findSurvivors(context, root, { identity: primary, required: primary });
  const among = restrictedTo(survivors, root);
  const newRows = joined([among, whereAbsent(context, root, primary)], ' ');
  const present = await countRows(context, root, joined([among, wherePresent(context, root, primary)], ' '));
  const insert = async (settled: LoadContext) => {
    await insertRows(settled, root, { which: newRows });
    for (const table of nested) {
      const absent = whereAbsent(settled, table, columnsNamed(table, DLT_ID));
      await insertRows(settled, table, { which: joined([restrictedTo(survivors, table), absent], ' ') });
    }
  };
  const rekeyed = await withOwnKeys(context, chain, insert, (table) => ({
    among: table === root ? newRows : nestedIn(context, root, newRows),
  }));
  await dropSurvivors(context, survivors);
  return { duplicates: survivors.duplicates, marked: survivors.marked, present, rekeyed };
}

/** Nested rows `p` of those root rows. */
function nestedIn(context: LoadContext, root: TablePlan, { sql, values }: Fragment): Fragment {
  const numbers = `select p.${quotedIdentifier(ROW)} from ${packageRows(root, context)} ${sql}`;
  return { sql: `where p.${quotedIdentifier(ROOT_ROW)} in (${numbers})`, values };
}

async function countRows(context: LoadContext, table: TablePlan, { sql, values }: Fragment): Promise<number> {
  const row = await context.connection.row(
    `select count(*) as rows from ${packageRows(table, context)} ${sql}`,
    values,
  );
  return Number(row?.rows ?? 0);
}
