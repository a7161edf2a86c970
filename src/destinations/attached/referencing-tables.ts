import { qualifiedName } from '../../duckdb/quote.ts';
import type { Catalogue } from '../../load/catalogue.ts';
import { type Target, targetTable } from '../../load/target.ts';
import { readCatalogue } from './read-catalogue.ts';
import type { ForeignKey } from './table-attachments.ts';
import { dropTable } from './table-ddl.ts';
import { createShaped, finishShaped, readShape, type TableShape, writtenColumns } from './table-shape.ts';

/** A load that makes a table anew, or tries whether DuckDB would: without any rows then. */
export interface Making extends Target {
  readonly withRows: boolean;
}

/**
 * Does the work while no table points to `table`, which DuckDB would not let go of otherwise: those that do, and those that
 * point to them, are dropped and made again with the rows they had.
 */
export async function withoutReferences(
  target: Making,
  table: string,
  foreignKeys: readonly ForeignKey[],
  work: () => Promise<void>,
): Promise<void> {
  const names = referencing(table, foreignKeys);
  if (names.length === 0) return work();
  const { tables } = await readCatalogue(target.connection, target.catalog, target.dataset);
  const shapes: TableShape[] = [];
  for (const name of names) shapes.push(...(await setAside(target, name, tables, foreignKeys)));
  await work();
  for (const shape of shapes.toReversed()) await bringBack(target, shape);
}

/** The tables that point to it, directly or through others; such as point to another one of them come first. */
export function referencing(table: string, foreignKeys: readonly ForeignKey[]): string[] {
  const direct = foreignKeys.filter((key) => key.references === table && key.table !== table).map((key) => key.table);
  return [...new Set(direct.flatMap((name) => [...referencing(name, foreignKeys), name]))];
}

async function setAside(
  target: Making,
  name: string,
  tables: Catalogue,
  foreignKeys: readonly ForeignKey[],
): Promise<TableShape[]> {
  const actual = tables.get(name.toLowerCase());
  if (actual === undefined) return [];
  const shape = await readShape(target, actual, foreignKeys);
  await target.connection.run(
    `create temp table ${keptRows(name)} as select ${writtenColumns(shape)} from ${targetTable(target, name)} ${target.withRows ? '' : 'limit 0'}`,
  );
  await dropTable(target, name);
  return [shape];
}

async function bringBack(target: Target, shape: TableShape): Promise<void> {
  const { name } = shape.actual;
  const columns = writtenColumns(shape);
  await createShaped(target, shape, name);
  await target.connection.run(
    `insert into ${targetTable(target, name)} (${columns}) select ${columns} from ${keptRows(name)}`,
  );
  await target.connection.run(`drop table ${keptRows(name)}`);
  await finishShaped(target, shape);
}

function keptRows(table: string): string {
  return qualifiedName('temp', 'main', `load kept ${table}`);
}
