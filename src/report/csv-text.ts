import { csvForm } from './forms/csv-form.ts';

type Cell = string | number | boolean | null;

/** Rows under a line with the names of the columns, as `query --output csv` writes them. Ends without a line break. */
export function csvText<Name extends string>(
  columns: readonly Name[],
  rows: readonly Readonly<Record<Name, Cell>>[],
): string {
  const form = csvForm.begin(columns.map((name) => ({ name, isNumber: false })));
  const cells = rows.map((row) => columns.map((name) => (row[name] === null ? null : String(row[name]))));
  return `${form.rows(cells)}${form.end()}`.trimEnd();
}
