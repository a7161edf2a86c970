import { jsonText } from '../../src/json/json-text.ts';
import { microsOfIso } from '../support/dlt-oracle.ts';
import { cellText, type MadeRow, type MadeTable } from './made-tables.ts';
import type { OracleTable } from './oracle-case.ts';

type Tables = Readonly<Record<string, MadeTable>>;

/** dlt's tables in the form that `madeTables` reads from a file. */
export function answeredTables(tables: Readonly<Record<string, OracleTable>>): Tables {
  return Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, answeredTable(table)]));
}

function answeredTable({ columns, rows }: OracleTable): MadeTable {
  return {
    columns: columns.map(({ name, duckdb: type, nullable, dlt }) => ({ name, type, nullable, hints: hintsOf(dlt) })),
    rows: rows.map((row) =>
      Object.fromEntries(columns.map(({ name, duckdb }, index) => [name, answeredCell(row[index], duckdb)])),
    ),
  };
}

/** dlt 1.31 describes variant columns, in words of its own; the recorded cases are of 1.26. */
function hintsOf({ description, ...hints }: Readonly<Record<string, unknown>>): MadeTable['columns'][number]['hints'] {
  return hints.variant === true || description === undefined ? hints : { ...hints, description };
}

function answeredCell(value: unknown, type: string): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object') return cellText(String(value), type);
  const { iso, decimal, b64 } = value as { iso?: string; decimal?: string; b64?: string };
  if (iso !== undefined) return type.startsWith('TIMESTAMP') ? String(microsOfIso(iso)) : iso;
  return decimal ?? b64 ?? jsonText(value);
}

/**
 * Where the tables differ, in words, sorted: columns by name, rows as sets. Random ids differ on their own account:
 * without `withIds` rows are compared without them, each with what it hangs under instead.
 */
export function differencesOf(ours: Tables, dlts: Tables, { withIds }: { readonly withIds: boolean }): string[] {
  const [here, there] = [describeAll(ours, withIds), describeAll(dlts, withIds)];
  return [
    ...without(there, here).map((line) => `dlt: ${line}`),
    ...without(here, there).map((line) => `here: ${line}`),
  ];
}

function describeAll(tables: Tables, withIds: boolean): string[] {
  return Object.entries(tables).flatMap(([name, table]) => [
    ...table.columns.map(
      (column) => `${name}.${column.name} ${column.type}${column.nullable ? '' : ' not null'} ${sorted(column.hints)}`,
    ),
    ...table.rows.map((row) => `${name} ${sorted(withIds ? row : rooted(row, tables))}`),
  ]);
}

/** A row with its parent row in place of the parent's id. */
function rooted(row: MadeRow, tables: Tables): object {
  const { _dlt_id: _, _dlt_root_id: __, _dlt_parent_id: parentId, ...values } = row;
  if (parentId === undefined || parentId === null) return values;
  const parents = Object.values(tables).flatMap(({ rows }) => rows.filter(({ _dlt_id: id }) => id === parentId));
  return { ...values, parent: parents.map((parent) => sorted(rooted(parent, tables))) };
}

/** Without nulls, so that a column is told once and not again by every row. */
function sorted(value: object): string {
  return jsonText(
    Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== null)
        .sort(),
    ),
  );
}

/** Lines of `all` that `known` lacks; a line that is there twice counts twice. */
function without(all: readonly string[], known: readonly string[]): string[] {
  const left = [...known];
  return all
    .filter((line) => {
      const at = left.indexOf(line);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    })
    .sort();
}
