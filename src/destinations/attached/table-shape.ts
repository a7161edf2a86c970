import { quotedIdentifier } from '../../duckdb/quote.ts';
import type { ActualColumn, ActualTable } from '../../load/catalogue.ts';
import type { Target } from '../../load/target.ts';
import { constraintsOf, createIndex, type ForeignKey, foreignKey, indexesOf } from './table-attachments.ts';
import { columnDefinition, commentOn, createTable } from './table-ddl.ts';

/** A column as a `create table` makes it. */
export interface ShapeColumn {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly defaultValue: string | null;
  readonly generated: boolean;
}

/** What it takes to make a table again, but for its rows: all that the file knows of it. */
export interface TableShape {
  readonly actual: ActualTable;
  readonly columns: readonly ShapeColumn[];
  readonly constraints: readonly string[];
  readonly indexes: readonly string[];
}

export async function readShape(
  target: Target,
  actual: ActualTable,
  foreignKeys: readonly ForeignKey[],
): Promise<TableShape> {
  const own = foreignKeys.filter(({ table }) => table === actual.name).map(foreignKey);
  return {
    actual,
    columns: [...actual.columns.values()].map(shapeColumn),
    constraints: [...(await constraintsOf(target, actual.name)), ...own],
    indexes: await indexesOf(target, actual.name),
  };
}

export function shapeColumn({ name, type, nullable, defaultValue, generated }: ActualColumn): ShapeColumn {
  return { name, type, required: !nullable, defaultValue, generated };
}

/** The table without rows, indexes and comments; the dataset has to be the search path. */
export async function createShaped(target: Target, { columns, constraints }: TableShape, name: string): Promise<void> {
  await createTable(target, name, [...columns.map(definition), ...constraints]);
}

/** What comes after the rows. */
export async function finishShaped(target: Target, { actual, indexes }: TableShape): Promise<void> {
  for (const index of indexes) await createIndex(target, index);
  const described = [...actual.columns.values()].flatMap(({ name, comment }) =>
    comment === null ? [] : [[name, comment] as const],
  );
  await commentOn(target, actual.name, { table: actual.comment ?? undefined, columns: new Map(described) });
}

/** The columns that rows have values for, as a list. */
export function writtenColumns({ columns }: Pick<TableShape, 'columns'>): string {
  return columns
    .filter(({ generated }) => !generated)
    .map(({ name }) => quotedIdentifier(name))
    .join(', ');
}

function definition(column: ShapeColumn): string {
  const { name, type, defaultValue, generated } = column;
  if (generated) return `${quotedIdentifier(name)} ${type} generated always as (${defaultValue})`;
  return columnDefinition(column) + (defaultValue === null ? '' : ` default ${defaultValue}`);
}
