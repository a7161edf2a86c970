import { quotedIdentifier } from '../../duckdb/quote.ts';
import { PipelineError } from '../../errors.ts';
import type { PackageContext } from '../load-context.ts';
import type { ColumnPlan, TablePlan } from '../table-plan.ts';
import { columnValue, packageRows } from './row-source.ts';
import { type Fragment, fragment, joined } from './sql-fragment.ts';

export interface RootKeys {
  /** Columns of which two root rows must not have the same values. */
  readonly identity: readonly ColumnPlan[];
  /** Columns that every root row needs a value in. */
  readonly required: readonly ColumnPlan[];
}

/**
 * Looks at the keys of the package's root rows, in one pass.
 *
 * @returns how many rows have the same identity as another one that is counted already
 * @throws PipelineError KeyMissing where a row has no value in a required column
 */
export async function countDuplicates(context: PackageContext, root: TablePlan, keys: RootKeys): Promise<number> {
  const counts = [
    distinctCount(context, root, keys.identity),
    ...keys.required.map((key) => missingCount(context, root, key)),
  ];
  const list = joined(counts, ', ');
  const row = await context.connection.row(`select ${list.sql} from ${packageRows(root, context)}`, list.values);
  for (const { name } of keys.required) {
    const missing = Number(row?.[name] ?? 0);
    if (missing > 0) throw keyMissing(root, name, missing);
  }
  return Number(row?.['#duplicates'] ?? 0);
}

/**
 * A key that never got a value has no column to look at.
 *
 * @throws PipelineError KeyMissing where no row at all, of this load and those before, has a value in a key
 */
export function requireKeyColumns(root: TablePlan): void {
  for (const { name, data_type, primary_key, merge_key } of Object.values(root.schema.columns)) {
    if (data_type === undefined && (primary_key === true || merge_key === true))
      throw keyMissing(root, name, root.rows);
  }
}

function distinctCount(context: PackageContext, root: TablePlan, identity: readonly ColumnPlan[]): Fragment {
  const values = identity.flatMap((column) => columnValue(root, column, context) ?? []);
  const key = joined(values, ', ');
  if (values.length === 0 || root.schema['x-stage-data-deduplicated'] === true) return fragment('0 as "#duplicates"');
  return fragment(
    `count(*) - count(distinct ${values.length === 1 ? key.sql : `(${key.sql})`}) as "#duplicates"`,
    ...key.values,
  );
}

function missingCount(context: PackageContext, root: TablePlan, key: ColumnPlan): Fragment {
  const value = columnValue(root, key, context);
  const name = quotedIdentifier(key.name);
  if (value === undefined) return fragment(`count(*) as ${name}`);
  return fragment(`count(*) filter (where ${value.sql} is null) as ${name}`, ...value.values);
}

function keyMissing(root: TablePlan, column: string, rows: number): PipelineError {
  return new PipelineError({
    code: 'KeyMissing',
    message: `Key column \`${column}\` of table \`${root.name}\` has no value in ${rows} of ${root.rows} records.`,
    hint: `Check \`primary_key\` and \`merge_key\` of resource \`${root.schema.resource ?? root.name}\`: every record needs its key.`,
    facts: { table: root.name, column, rows },
  });
}
