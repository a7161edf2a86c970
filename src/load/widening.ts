import type { Connection } from '../duckdb/connection.ts';
import { qualifiedName, quotedIdentifier } from '../duckdb/quote.ts';
import { PACKAGE, type PackageTable } from '../package/layout.ts';
import { VARIANT_SEPARATOR } from '../schema/names.ts';
import type { ColumnSchema, TableSchema } from '../schema/table-schema.ts';
import type { ActualTable } from './catalogue.ts';
import type { DestinationAnswers } from './destination-answers.ts';
import type { PackageContext } from './load-context.ts';

/** A bigint column that takes in what did not fit it, instead of a variant column beside it. */
export interface Widening {
  readonly table: string;
  readonly column: string;
  /** Package column with the values that did not fit; null: the document has the wider type already. */
  readonly variant: string | null;
  readonly to: 'double' | 'hugeint';
}

/** Doubles hold every integer up to here. */
const EXACT_DOUBLE = 2n ** 53n;
const INTEGER_TYPES = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT']);

/**
 * The columns that could widen, from the documents alone: a new `x__v_double` beside bigint `x`, a new `x__v_bigint` of
 * 128 bits beside bigint `x`, and a document that says double where the file has an integer column.
 */
export function wideningCandidates(schema: TableSchema, actual: ActualTable | null): Widening[] {
  const candidates: Widening[] = [];
  for (const column of Object.values(schema.columns)) {
    const present = actual?.columns.get(column.name.toLowerCase());
    if (column.data_type === 'double' && present !== undefined && INTEGER_TYPES.has(present.type)) {
      candidates.push({ table: schema.name, column: column.name, variant: null, to: 'double' });
    }
    if (column.data_type !== 'bigint') continue;
    const huge = newVariant(schema, actual, `${column.name}${VARIANT_SEPARATOR}bigint`);
    const double = newVariant(schema, actual, `${column.name}${VARIANT_SEPARATOR}double`);
    if (huge?.data_type === 'bigint' && huge.precision === 128) {
      candidates.push({ table: schema.name, column: column.name, variant: huge.name, to: 'hugeint' });
    } else if (double?.data_type === 'double') {
      candidates.push({ table: schema.name, column: column.name, variant: double.name, to: 'double' });
    }
  }
  return candidates;
}

/** A variant column that this package would add. One that is in the file already keeps its values. */
function newVariant(schema: TableSchema, actual: ActualTable | null, name: string): ColumnSchema | undefined {
  const variant = schema.columns[name];
  return variant?.variant === true && actual?.columns.has(name.toLowerCase()) !== true ? variant : undefined;
}

/** Whether nothing is lost: to double only if every integer of the package and the destination is one exactly. */
export async function losesNothing(
  { connection, packageColumns }: PackageContext,
  widening: Widening,
  actual: ActualTable | null,
  answers: Pick<DestinationAnswers, 'isBetween'>,
): Promise<boolean> {
  if (widening.to === 'hugeint') return true;
  const { table, column } = widening;
  if (packageColumns.get(table)?.has(column) === true && widening.variant !== null) {
    if (!(await areBetween(connection, qualifiedName(PACKAGE, 'main', table), column, -EXACT_DOUBLE, EXACT_DOUBLE)))
      return false;
  }
  return (
    actual?.columns.has(column.toLowerCase()) !== true || answers.isBetween(table, column, -EXACT_DOUBLE, EXACT_DOUBLE)
  );
}

/** Whether every integer of a column of a relation lies between two others. */
export async function areBetween(
  connection: Connection,
  relation: string,
  column: string,
  least: bigint,
  most: bigint,
): Promise<boolean> {
  const name = quotedIdentifier(column);
  const row = await connection.row(
    `select coalesce(min(${name})::hugeint >= ?::hugeint and max(${name})::hugeint <= ?::hugeint, true) as exact from ${relation}`,
    [String(least), String(most)],
  );
  return row?.exact === true;
}

/** The package table as it is after its columns widened: the wider type, and no variant column. */
export function withWidenings(table: PackageTable, widenings: readonly Widening[]): PackageTable {
  const columns = { ...table.schema.columns };
  const firstValues = { ...table.firstValues };
  for (const { column, variant, to } of widenings) {
    const schema = columns[column];
    if (schema === undefined) continue;
    columns[column] = widenedColumn(schema, to);
    if (variant === null) continue;
    const first = firstValues[variant];
    if (first !== undefined && !Object.hasOwn(firstValues, column)) firstValues[column] = first;
    delete columns[variant];
  }
  return { ...table, schema: { ...table.schema, columns }, firstValues };
}

function widenedColumn({ precision: _, ...column }: ColumnSchema, to: Widening['to']): ColumnSchema {
  return to === 'double' ? { ...column, data_type: 'double' } : { ...column, data_type: 'bigint', precision: 128 };
}
