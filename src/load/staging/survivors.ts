import { quotedIdentifier } from '../../duckdb/quote.ts';
import { ROOT_ROW, ROW } from '../../package/layout.ts';
import type { PackageContext } from '../load-context.ts';
import { type ColumnPlan, columnsWith, isNested, type TablePlan } from '../table-plan.ts';
import { countDuplicates, type RootKeys } from './key-census.ts';
import { columnValue, packageRows } from './row-source.ts';
import { type Fragment, fragment } from './sql-fragment.ts';

const SURVIVORS = 'temp.main."load survivors"';

/**
 * The root rows of the package that get into the destination: one for each key, none that is marked `hard_delete`. Where that
 * is not all of them, a temporary table has their row numbers.
 */
export interface Survivors {
  readonly areAll: boolean;
  /** Rows dropped because another one has the same key. */
  readonly duplicates: number;
  /** Rows that only say that those with their key are to be deleted. */
  readonly marked: number;
}

/** Throws `KeyMissing` where a row lacks a required key. */
export async function findSurvivors(context: PackageContext, root: TablePlan, keys: RootKeys): Promise<Survivors> {
  const duplicates = await countDuplicates(context, root, keys);
  const deleted = hardDeleted(context, root);
  const areAll = duplicates === 0 && deleted === undefined;
  if (areAll) return { areAll, duplicates, marked: 0 };
  await createSurvivors(context, root, duplicates === 0 ? [] : keys.identity, deleted);
  return { areAll, duplicates, marked: root.rows - duplicates - (await countSurvivors(context)) };
}

/** What comes after `from <package rows of the table> as p`, so that only survivors and what is nested in them are left. */
export function restrictedTo({ areAll }: Survivors, table: TablePlan): Fragment {
  if (areAll) return fragment('');
  return fragment(`semi join ${SURVIVORS} as s on p.${quotedIdentifier(isNested(table) ? ROOT_ROW : ROW)} = s.number`);
}

/** SQL of whether root row `p` is one of them. */
export function isSurvivor({ areAll }: Survivors): string {
  return areAll ? 'true' : `p.${quotedIdentifier(ROW)} in (select number from ${SURVIVORS})`;
}

export async function dropSurvivors({ connection }: PackageContext, { areAll }: Survivors): Promise<void> {
  if (!areAll) await connection.run(`drop table ${SURVIVORS}`);
}

async function createSurvivors(
  context: PackageContext,
  root: TablePlan,
  identity: readonly ColumnPlan[],
  deleted: Fragment | undefined,
): Promise<void> {
  const keys = identity.flatMap((column) => columnValue(root, column, context) ?? []);
  const order = dedupOrder(root, context);
  const first =
    keys.length === 0
      ? '1'
      : `row_number() over (partition by ${keys.map(({ sql }) => sql).join(', ')} order by ${order.sql})`;
  const gone = deleted ?? fragment('false');
  await context.connection.run(
    `create temp table ${SURVIVORS} as
     select number from (
       select p.${quotedIdentifier(ROW)} as number, ${first} as place, coalesce(${gone.sql}, false) as gone from ${packageRows(root, context)}
     ) where place = 1 and not gone`,
    [...keys.flatMap(({ values }) => values), ...order.values, ...gone.values],
  );
}

async function countSurvivors({ connection }: PackageContext): Promise<number> {
  return Number((await connection.row(`select count(*) as rows from ${SURVIVORS}`))?.rows ?? 0);
}

/** Which of several rows with one key survives: what `dedup_sort` says, among equals the one that came last. */
function dedupOrder(root: TablePlan, context: PackageContext): Fragment {
  const last = `p.${quotedIdentifier(ROW)} desc`;
  const sorted = root.columns.find(({ schema }) => schema.dedup_sort !== undefined);
  const value = sorted === undefined ? undefined : columnValue(root, sorted, context);
  if (value === undefined) return fragment(last);
  return fragment(`${value.sql} ${sorted?.schema.dedup_sort === 'desc' ? 'desc' : 'asc'}, ${last}`, ...value.values);
}

/** True for rows that delete: a `hard_delete` flag that is true, or one of another type with any value. */
function hardDeleted(context: PackageContext, root: TablePlan): Fragment | undefined {
  const [flag] = columnsWith(root, 'hard_delete');
  const value = flag === undefined ? undefined : columnValue(root, flag, context);
  if (value === undefined) return undefined;
  return flag?.schema.data_type === 'bool' ? value : fragment(`(${value.sql} is not null)`, ...value.values);
}
