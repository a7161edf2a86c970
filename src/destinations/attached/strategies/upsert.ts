import { quotedIdentifier } from '../../../duckdb/quote.ts';
import type { LoadContext } from '../../../load/load-context.ts';
import type { ChainPlan } from '../../../load/plan.ts';
import type { RowCounts } from '../../../load/row-counts.ts';
import { tally } from '../../../load/row-tally.ts';
import { insertChain } from '../../../load/staging/insert-chain.ts';
import { withOwnKeys } from '../../../load/staging/own-keys.ts';
import {
  createReplaced,
  deleteMarked,
  dropReplaced,
  equalColumns,
  REPLACED,
} from '../../../load/staging/replaced-rows.ts';
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
  const replaced = await createReplaced(context, root, [primary]);
  const merge = async (settled: LoadContext) => {
    for (const table of nested) if (table.action !== 'create') await deleteVanished(settled, table, survivors);
    const deleted = survivors.areAll ? 0 : await deleteMarked(settled, root, primary, survivors);
    const merged = await mergeRows(settled, root, primary, survivors);
    const updated = replaced - deleted;
    tally(context.tallies, root.name, { inserted: merged - updated, updated, deleted });
    await mergeNested(settled, nested, survivors);
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
  const deleted = await context.connection.change(
    `delete from ${targetTable(context, table.name)}
     where ${quotedIdentifier(DLT_ROOT_ID)} in (select id from ${REPLACED}) ${kept}`,
    ids?.values ?? [],
  );
  tally(context.tallies, table.name, { deleted });
}

/** A merge only says how many rows it wrote: which of them are new, the tables say. */
async function mergeNested(context: LoadContext, nested: readonly TablePlan[], survivors: Survivors): Promise<void> {
  const tables = nested.filter(({ rows }) => rows > 0);
  if (tables.length === 0) return;
  const before = await countRows(context, tables);
  const merged: number[] = [];
  for (const table of tables) merged.push(await mergeRows(context, table, columnsNamed(table, DLT_ID), survivors));
  const after = await countRows(context, tables);
  tables.forEach(({ name }, place) => {
    const inserted = (after[place] ?? 0) - (before[place] ?? 0);
    tally(context.tallies, name, { inserted, updated: (merged[place] ?? 0) - inserted });
  });
}

/** Of each table, in one statement. */
async function countRows(context: LoadContext, tables: readonly TablePlan[]): Promise<number[]> {
  const counts = tables.map(({ name }, place) => `(select count(*) from ${targetTable(context, name)}) as "${place}"`);
  const row = await context.connection.row(`select ${counts.join(', ')}`);
  return tables.map((_, place) => Number(row?.[place] ?? 0));
}

/** Columns that the package has no value for become null, as dlt does; columns that only the file has stay. Answers how many rows came. */
async function mergeRows(
  context: LoadContext,
  table: TablePlan,
  on: readonly ColumnPlan[],
  survivors: Survivors,
): Promise<number> {
  if (table.rows === 0) return 0;
  const { columns, select } = rowSource(table, context, { complete: true });
  const names = columns.map(quotedIdentifier);
  const { sql, values } = joined([select, restrictedTo(survivors, table)], ` from ${packageRows(table, context)} `);
  return context.connection.change(
    `merge into ${targetTable(context, table.name)} as d using (select ${sql}) as s on ${equalColumns(on, 'd', 's')}
     when matched then update set ${names.map((name) => `${name} = s.${name}`).join(', ')}
     when not matched then insert (${names.join(', ')}) values (${names.map((name) => `s.${name}`).join(', ')})`,
    values,
  );
}
