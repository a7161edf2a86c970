import { quotedIdentifier } from '../../duckdb/quote.ts';
import { DLT_ID, DLT_LOAD_ID, DLT_PARENT_ID, DLT_ROOT_ID } from '../../schema/names.ts';
import { keyPrefix } from '../../schema/row-id.ts';
import { columnNamed, isNested, type TablePlan } from '../table-plan.ts';
import { type Target, targetTable } from '../target.ts';
import { type Fragment, fragment } from './sql-fragment.ts';

/** What rows that are there already get in a column of dlt's that they lack; of the old row `o` and its parent row `p`. */
export function oldRowValue(table: TablePlan, column: string, type: string, loadId: string): Fragment {
  if (column === DLT_ROOT_ID && isNested(table)) {
    return fragment(
      table.parent === table.root ? `o.${quotedIdentifier(DLT_PARENT_ID)}` : `p.${quotedIdentifier(DLT_ROOT_ID)}`,
    );
  }
  if (column === DLT_ID) return fragment('? || o.rowid', keyPrefix(loadId, `${table.name} as found`));
  if (column === DLT_LOAD_ID) return fragment('?', loadId);
  return fragment(`cast(null as ${type})`);
}

/** Where columns can only be added: what making the table anew would have put into those of dlt's. */
export async function fillOldRows(target: Target, table: TablePlan, loadId: string): Promise<void> {
  for (const { name, type, actual } of table.columns) {
    const value = oldRowValue(table, name, type, loadId);
    if (actual !== null || !name.startsWith('_dlt_')) continue;
    await target.connection.run(
      `update ${targetTable(target, table.name)} as t set ${quotedIdentifier(name)} = v.value
       from (select o.rowid as number, ${value.sql} as value from ${oldRows(target, table)}) as v where t.rowid = v.number`,
      value.values,
    );
  }
}

/** The rows that are there: as `o`, each with its parent row `p` where a value comes from that. */
export function oldRows(target: Target, table: TablePlan): string {
  const old = `${targetTable(target, table.name)} as o`;
  const needsParent =
    isNested(table) && table.parent !== table.root && columnNamed(table, DLT_ROOT_ID)?.actual === null;
  if (!needsParent) return old;
  return `${old} left join ${targetTable(target, table.parent ?? table.root)} as p
    on o.${quotedIdentifier(DLT_PARENT_ID)} = p.${quotedIdentifier(DLT_ID)}`;
}
