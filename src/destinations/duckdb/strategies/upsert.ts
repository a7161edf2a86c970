import { quotedIdentifier } from '../../../duckdb/quote.ts';
import { countWritten, type LoadContext } from '../../../load/load-context.ts';
import type { ChainPlan } from '../../../load/plan.ts';
import type { RowCounts } from '../../../load/row-counts.ts';
import { insertChain } from '../../../load/staging/insert-chain.ts';
import { withOwnKeys } from '../../../load/staging/own-keys.ts';
import { createReplaced, dropReplaced, equalColumns, REPLACED } from '../../../load/staging/replaced-rows.ts';
import { columnValue, keyColumns, keySource, packageRows, rowSource } from '../../../load/staging/row-source.ts';
import { type Fragment, fragment, joined } from '../../../load/staging/sql-fragment.ts';
import { dropSurvivors, findSurvivors, restrictedTo, type Survivors } from '../../../load/staging/survivors.ts';
import { type ColumnPlan, columnsNamed, type TablePlan } from '../../../load/table-plan.ts';
import { targetTable } from '../../../load/target.ts';
import { DLT_ID, DLT_ROOT_ID } from '../../../schema/names.ts';

/**
 * Rows whose primary key is in the destination are updated where they are, others inserted; nested rows follow by their
 * `_dlt_id`, and list items that are gone are deleted. Rows marked `hard_delete` are deleted with everything nested.
 */
export async function upsert(context: LoadContext, chain: ChainPlan): Promise<RowCounts> {
  const { root } = chain;
  if (root.rows === 0) return {};
  const { primary } = keyColumns(root);
  const survivors = await findSurvivors(context, root, { identity: primary, required: primary });
  const rekeyed =
    root.action === 'create'
      ? await insertChain(context, chain, (table) => restrictedTo(survivors, table))
      : await mergeChain(context, chain, primary, survivors);
  await dropSurvivors(context, survivors);
  return { duplicates: survivors.duplicates, marked: survivors.marked, rekeyed };
}

async function mergeChain(
  context: LoadContext,
  chain: ChainPlan,
  primary: readonly ColumnPlan[],
  survivors: Survivors,
): Promise<number> {
  const { root, nested } = chain;
  await createReplaced(context, root, [primary]);
  const merge = async (settled: LoadContext) => {
    for (const table of nested) if (table.action !== 'create') await deleteVanished(settled, table, survivors);
    if (!survivors.areAll) await deleteMarked(settled, root, primary, survivors);
    await mergeRows(settled, root, primary, survivors);
    for (const table of nested) await mergeRows(settled, table, columnsNamed(table, DLT_ID), survivors);
  };
  const rekeyed = await withOwnKeys(context, chain, merge, (table) => ({
    among: restrictedTo(survivors, table),
    beside: table === root ? ofAnotherKey(context, root, primary) : ofAnotherRoot,
  }));
  await dropReplaced(context);
  return rekeyed;
}

/** Rows `d` that package row `p` does not update. */
function ofAnotherKey(context: LoadContext, root: TablePlan, primary: readonly ColumnPlan[]): Fragment {
  const others = primary.flatMap((column) => {
    const value = columnValue(root, column, context);
    if (value === undefined) return [];
    return [fragment(`d.${quotedIdentifier(column.name)} is distinct from ${value.sql}`, ...value.values)];
  });
  const any = joined(others, ' or ');
  return fragment(`(${any.sql})`, ...any.values);
}

/** Nested rows `d` of root rows that the package does not bring again. */
const ofAnotherRoot = fragment(`d.${quotedIdentifier(DLT_ROOT_ID)} not in (select id from ${REPLACED})`);

/** Nested rows of the root rows that the package brings again, without those that it brings too. */
async function deleteVanished(context: LoadContext, table: TablePlan, survivors: Survivors): Promise<void> {
  const ids = table.rows === 0 ? undefined : keySource(table, context, columnsNamed(table, DLT_ID));
  const kept =
    ids === undefined
      ? ''
      : `and ${quotedIdentifier(DLT_ID)} not in
         (select ${ids.sql} from ${packageRows(table, context)} ${restrictedTo(survivors, table).sql})`;
  await context.connection.run(
    `delete from ${targetTable(context, table.name)}
     where ${quotedIdentifier(DLT_ROOT_ID)} in (select id from ${REPLACED}) ${kept}`,
    ids?.values ?? [],
  );
}

/** Root rows whose key the package has, but only in rows that do not survive: they were marked as deleted. */
async function deleteMarked(
  context: LoadContext,
  root: TablePlan,
  primary: readonly ColumnPlan[],
  survivors: Survivors,
): Promise<void> {
  const keys = keySource(root, context, primary);
  if (keys === undefined) return;
  await context.connection.run(
    `delete from ${targetTable(context, root.name)} as d
     where d.${quotedIdentifier(DLT_ID)} in (select id from ${REPLACED}) and not exists (
       from (select ${keys.sql} from ${packageRows(root, context)} ${restrictedTo(survivors, root).sql}) as k
       where ${equalColumns(primary, 'd', 'k')})`,
    keys.values,
  );
}

/** Columns that the package has no value for become null, as dlt does; columns that only the file has stay. */
async function mergeRows(
  context: LoadContext,
  table: TablePlan,
  on: readonly ColumnPlan[],
  survivors: Survivors,
): Promise<void> {
  if (table.rows === 0) return;
  const { columns, select } = rowSource(table, context, { complete: true });
  const names = columns.map(quotedIdentifier);
  const { sql, values } = joined([select, restrictedTo(survivors, table)], ` from ${packageRows(table, context)} `);
  const rows = await context.connection.change(
    `merge into ${targetTable(context, table.name)} as d using (select ${sql}) as s on ${equalColumns(on, 'd', 's')}
     when matched then update set ${names.map((name) => `${name} = s.${name}`).join(', ')}
     when not matched then insert (${names.join(', ')}) values (${names.map((name) => `s.${name}`).join(', ')})`,
    values,
  );
  countWritten(context, table.name, rows);
}
