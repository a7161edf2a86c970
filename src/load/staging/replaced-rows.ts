import { quotedIdentifier } from '../../duckdb/quote.ts';
import { DLT_ID } from '../../schema/names.ts';
import type { LoadContext } from '../load-context.ts';
import type { ColumnPlan, TablePlan } from '../table-plan.ts';
import { targetTable } from '../target.ts';
import { keySource, packageRows } from './row-source.ts';
import { type Fragment, joined } from './sql-fragment.ts';
import { restrictedTo, type Survivors } from './survivors.ts';

/** `id`: `_dlt_id` of the destination's root rows whose key is in the package. */
export const REPLACED = 'temp.main."load replaced"';

/**
 * `keys`: a row is in it when its columns of any of these match a row of the package.
 *
 * @returns how many rows are in it
 */
export async function createReplaced(
  context: LoadContext,
  root: TablePlan,
  keys: readonly (readonly ColumnPlan[])[],
): Promise<number> {
  const { sql, values } = joined(
    keys.flatMap((columns) => matchingRows(context, root, columns) ?? []),
    ' union ',
  );
  return context.connection.create(`create temp table ${REPLACED} as ${sql}`, values);
}

function matchingRows(context: LoadContext, root: TablePlan, columns: readonly ColumnPlan[]): Fragment | undefined {
  const keys = keySource(root, context, columns);
  if (columns.length === 0 || keys === undefined) return undefined;
  return {
    sql: `select d.${quotedIdentifier(DLT_ID)} as id from ${targetTable(context, root.name)} as d
          semi join (select ${keys.sql} from ${packageRows(root, context)}) as k on ${equalColumns(columns, 'd', 'k')}`,
    values: keys.values,
  };
}

/** `one."a" = other."a" and …` */
export function equalColumns(columns: readonly { readonly name: string }[], one: string, other: string): string {
  return columns
    .map(({ name }) => `${one}.${quotedIdentifier(name)} = ${other}.${quotedIdentifier(name)}`)
    .join(' and ');
}

/**
 * `key`: the column that holds the root row's `_dlt_id`.
 *
 * @returns how many rows are gone
 */
export async function deleteReplaced(context: LoadContext, table: TablePlan, key: string): Promise<number> {
  return context.connection.change(
    `delete from ${targetTable(context, table.name)} where ${quotedIdentifier(key)} in (select id from ${REPLACED})`,
  );
}

/**
 * Of these root rows, those whose key the package has only in rows that do not survive: they were marked as deleted.
 *
 * @returns how many rows are gone
 */
export async function deleteMarked(
  context: LoadContext,
  root: TablePlan,
  key: readonly ColumnPlan[],
  survivors: Survivors,
): Promise<number> {
  const keys = keySource(root, context, key);
  if (keys === undefined) return 0;
  return context.connection.change(
    `delete from ${targetTable(context, root.name)} as d
     where d.${quotedIdentifier(DLT_ID)} in (select id from ${REPLACED}) and not exists (
       from (select ${keys.sql} from ${packageRows(root, context)} ${restrictedTo(survivors, root).sql}) as k
       where ${equalColumns(key, 'd', 'k')})`,
    keys.values,
  );
}

export async function dropReplaced({ connection }: LoadContext): Promise<void> {
  await connection.run(`drop table ${REPLACED}`);
}
