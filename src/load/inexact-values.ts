import { quotedIdentifier } from '../duckdb/quote.ts';
import { PipelineError } from '../errors.ts';
import { ROW } from '../package/layout.ts';
import { duckdbType, packageToColumn } from '../schema/duckdb-type.ts';
import { count } from '../text/count.ts';
import type { DestinationAnswers } from './destination-answers.ts';
import type { PackageContext } from './load-context.ts';
import { chainTables, type LoadPlan } from './plan.ts';
import { isHeld } from './staging/exact-cast.ts';
import { columnValue, hasColumn, keyColumns, packageRows } from './staging/row-source.ts';
import { type Fragment, fragment } from './staging/sql-fragment.ts';
import type { ColumnPlan, TablePlan } from './table-plan.ts';

/** A column that may be too narrow, and which values it holds. */
interface Narrow {
  readonly column: ColumnPlan;
  /** DuckDB SQL of the value, before it is cast. */
  readonly value: string;
  readonly isHeld: string;
}

/**
 * Refuses values that a column would round or cut: somebody made it narrower than the load would have. Reads values only of such columns.
 *
 * @throws PipelineError ContractViolated (exit 7)
 */
export async function refuseInexact(
  context: PackageContext,
  { chains }: LoadPlan,
  answers: Pick<DestinationAnswers, 'limitsOf'>,
): Promise<void> {
  for (const table of chains.flatMap(chainTables)) {
    const narrow = table.columns.flatMap((column) => narrowColumn(table, column, context, answers) ?? []);
    for (const one of narrow) await refuseLost(context, table, one);
  }
}

// --- internal ---

function narrowColumn(
  table: TablePlan,
  column: ColumnPlan,
  context: PackageContext,
  answers: Pick<DestinationAnswers, 'limitsOf'>,
): Narrow | undefined {
  const { actual, schema, name } = column;
  const stays = actual !== null && column.type === actual.type;
  if (!stays || table.rows === 0 || name.startsWith('_dlt_') || !hasColumn(table, name, context)) return undefined;
  const limits = answers.limitsOf(actual, schema);
  if (limits === undefined) return undefined;
  const value = packageToColumn(`p.${quotedIdentifier(name)}`, schema);
  const held = isHeld(value, duckdbType(schema), limits);
  return held === undefined ? undefined : { column, value, isHeld: held };
}

async function refuseLost(context: PackageContext, table: TablePlan, { column, value, isHeld: held }: Narrow) {
  const lost = `${value} is not null and not coalesce(${held}, false)`;
  const key = keyText(table, context);
  const first = (sql: string) => `arg_min(${sql}, p.${quotedIdentifier(ROW)})`;
  const row = await context.connection.row(
    `select count(*) as lost, ${first(`${value}::varchar`)} as value, ${first(key.sql)} as key
     from ${packageRows(table, context)} where ${lost}`,
    key.values,
  );
  const values = Number(row?.lost ?? 0);
  if (values > 0) throw inexact(table, column, values, String(row?.value), row?.key);
}

/** `id = 7, region = eu`; null where the table has no key. */
function keyText(table: TablePlan, context: PackageContext): Fragment {
  const keys = keyColumns(table).primary.flatMap((column) => {
    const value = columnValue(table, { ...column, type: 'VARCHAR' }, context);
    return value === undefined ? [] : [fragment(`? || ' = ' || (${value.sql})`, column.name, ...value.values)];
  });
  if (keys.length === 0) return fragment('null');
  return fragment(`concat_ws(', ', ${keys.map(({ sql }) => sql).join(', ')})`, ...keys.flatMap(({ values }) => values));
}

/** Of a value in a message. */
const MOST_CHARACTERS = 80;

function inexact(table: TablePlan, column: ColumnPlan, values: number, first: string, key: unknown): PipelineError {
  const { name, actual } = column;
  const type = actual?.native ?? actual?.type ?? column.type;
  const shown = first.length > MOST_CHARACTERS ? `${first.slice(0, MOST_CHARACTERS)}…` : first;
  const where = typeof key === 'string' ? ` (${key})` : '';
  return new PipelineError({
    code: 'ContractViolated',
    message: `Column \`${name}\` of table \`${table.name}\` is ${type} in the destination, and does not hold ${count(values, 'value')} as ${values === 1 ? 'it is' : 'they are'}: ${shown}${where}.`,
    hint: `Nothing was changed. Give the column a type that holds them (it would be made as ${duckdbType(column.schema)}), or let the resource bring what fits: \`processing_steps\`, such as \`set: { ${name}: { sql: "…" } }\`.`,
    facts: { table: table.name, column: name, type, values },
  });
}
