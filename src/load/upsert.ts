import { quotedIdentifier } from '../duckdb/quote.ts';
import { DLT_ID, DLT_ROOT_ID } from '../schema/names.ts';
import { insertRows } from './insert-rows.ts';
import type { LoadContext } from './load-context.ts';
import { type ChainPlan, chainTables } from './plan.ts';
import { createReplaced, dropReplaced, equalColumns, REPLACED } from './replaced-rows.ts';
import { keyColumns, keySource, packageRows, rowSource } from './row-source.ts';
import { joined } from './sql-fragment.ts';
import { dropSurvivors, findSurvivors, restrictedTo, type Survivors } from './survivors.ts';
import { type ColumnPlan, columnsNamed, type TablePlan } from './table-plan.ts';
import { targetTable } from './target.ts';

/**
 * Rows whose primary key is in the destination are updated where they are, others inserted; nested rows follow by their
 * `_dlt_id`, and list items that are gone are deleted. Rows marked `hard_delete` are deleted with everything nested.
 */
export async function upsert(context: LoadContext, chain: ChainPlan): Promise<number> {
  const { root, nested } = chain;
  if (root.rows === 0) return 0;
  const { primary } = keyColumns(root);
  const survivors = await findSurvivors(context, root, { identity: primary, required: primary });
  if (root.action === 'create') {
    for (const table of chainTables(chain)) await insertRows(context, table, { which: restrictedTo(survivors, table) });
  } else {
    await createReplaced(context, root, [primary]);
    for (const table of nested) if (table.action !== 'create') await deleteVanished(context, table, survivors);
    if (!survivors.areAll) await deleteMarked(context, root, primary, survivors);
    await mergeRows(context, root, primary, survivors);
    for (const table of nested) await mergeRows(context, table, columnsNamed(table, DLT_ID), survivors);
    await dropReplaced(context);
  }
  await dropSurvivors(context, survivors);
  return survivors.duplicates;
}

/** Nested rows of the root rows that the package brings again, without those that it brings too. */
async function deleteVanished(context: LoadContext, table: TablePlan, survivors: Survivors): Promise<void> {
  const ids = table.rows === 0 ? undefined : keySource(table, context, columnsNamed(table, DLT_ID));
  const kept =
    ids === undefined
      ? ''
      : `and ${quotedIdentifier(DLT_ID)} not in
         (select ${ids.sql} from ${packageRows(table)} ${restrictedTo(survivors, table).sql})`;
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
       from (select ${keys.sql} from ${packageRows(root)} ${restrictedTo(survivors, root).sql}) as k
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
  const { sql, values } = joined([select, restrictedTo(survivors, table)], ` from ${packageRows(table)} `);
  await context.connection.run(
    `merge into ${targetTable(context, table.name)} as d using (select ${sql}) as s on ${equalColumns(on, 'd', 's')}
     when matched then update set ${names.map((name) => `${name} = s.${name}`).join(', ')}
     when not matched then insert (${names.join(', ')}) values (${names.map((name) => `s.${name}`).join(', ')})`,
    values,
  );
}
