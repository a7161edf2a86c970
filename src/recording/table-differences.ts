import type { JsonRow } from '../duckdb/json-rows.ts';
import { jsonText } from '../json/json-text.ts';
import { count } from '../text/count.ts';
import { plainText } from '../text/plain-text.ts';
import { type DatasetTable, rowNames } from './dataset-table.ts';

/** What is other in one table than it was expected. */
export interface TableDifference {
  readonly table: string;
  /** Such as `flux_1  price: 0.0010 → 0.0020`. */
  readonly lines: readonly string[];
  /** Columns whose values differ in rows that both have. */
  readonly columns: readonly string[];
}

/** `ignored`: `table.column`. */
export function tableDifferences(
  expected: readonly DatasetTable[],
  got: readonly DatasetTable[],
  ignored: ReadonlySet<string>,
): TableDifference[] {
  const names = new Set([...expected, ...got].map(({ name }) => name));
  const differences = [...names].sort().map((name) => {
    const one = expected.find((table) => table.name === name);
    const other = got.find((table) => table.name === name);
    if (one === undefined || other === undefined) return { table: name, lines: [absence(one, other)], columns: [] };
    const isCompared = (column: string) => !ignored.has(`${name}.${column}`);
    return { table: name, ...differenceOf(only(one, isCompared), only(other, isCompared)) };
  });
  return differences.filter(({ lines }) => lines.length > 0);
}

/** A table, then a line for each difference; so many lines at most. */
export function differencesText(differences: readonly TableDifference[], most = 60): string {
  const all = differences.reduce((sum, { lines }) => sum + lines.length, 0);
  let left = most;
  const shown = differences.flatMap(({ table, lines }) => {
    const some = lines.slice(0, left);
    left -= some.length;
    return some.length === 0 ? [] : [`${plainText(table)}:`, ...some.map((line) => `  ${line}`)];
  });
  return [...shown, ...(all > most ? [`… and ${count(all - most, 'more difference')}`] : [])].join('\n');
}

// --- internal ---

type Difference = Pick<TableDifference, 'lines' | 'columns'>;

function absence(expected: DatasetTable | undefined, got: DatasetTable | undefined): string {
  if (expected === undefined) return `the table is not expected; it has ${count(got?.rows.length ?? 0, 'row')}`;
  return `the table is missing; ${count(expected.rows.length, 'row')} expected`;
}

function only(table: DatasetTable, isCompared: (column: string) => boolean): DatasetTable {
  const kept = <Value>(part: Readonly<Record<string, Value>>) =>
    Object.fromEntries(Object.entries(part).filter(([name]) => isCompared(name)));
  return { ...table, columns: kept(table.columns), rows: table.rows.map((row) => kept<unknown>(row)) };
}

function differenceOf(expected: DatasetTable, got: DatasetTable): Difference {
  const rows = rowDifferences(expected, got);
  return { ...rows, lines: [...columnDifferences(expected, got), ...rows.lines] };
}

function columnDifferences({ columns: expected }: DatasetTable, { columns: got }: DatasetTable): string[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(got)])];
  return names.flatMap((name) => {
    const [one, other] = [expected[name], got[name]];
    if (one === other) return [];
    return [`column ${plainText(name)}: ${one ?? 'not expected'} → ${other ?? 'missing'}`];
  });
}

function rowDifferences(expected: DatasetTable, got: DatasetTable): Difference {
  const lines: string[] = [];
  const columns = new Set<string>();
  for (const { name, one, other } of pairs(expected, got)) {
    if (one === undefined || other === undefined) {
      lines.push(`${name}  ${one === undefined ? 'not expected' : 'missing'}: ${cut(jsonText(one ?? other), 160)}`);
      continue;
    }
    for (const column of new Set([...Object.keys(one), ...Object.keys(other)])) {
      const [before, after] = [valueText(one, column), valueText(other, column)];
      if (before === after) continue;
      columns.add(column);
      lines.push(`${name}  ${plainText(column)}: ${cut(before, 80)} → ${cut(after, 80)}`);
    }
  }
  return { lines, columns: [...columns] };
}

interface Pair {
  readonly name: string;
  readonly one: JsonRow | undefined;
  readonly other: JsonRow | undefined;
}

function pairs(expected: DatasetTable, got: DatasetTable): Pair[] {
  const { key } = expected;
  return key.length === 0 ? pairsInOrder(expected.rows, got.rows) : pairsByKey(key, expected.rows, got.rows);
}

function pairsByKey(key: readonly string[], expected: readonly JsonRow[], got: readonly JsonRow[]): Pair[] {
  const named = (rows: readonly JsonRow[]) => new Map(rowNames(key, rows).map((name, at) => [name, rows[at]]));
  const [ones, others] = [named(expected), named(got)];
  const names = [...new Set([...ones.keys(), ...others.keys()])];
  return names.map((name) => ({ name: shownName(name), one: ones.get(name), other: others.get(name) }));
}

/** Without a key, rows that are the same are a pair wherever they are; those that are left are, if there are as many of them. */
function pairsInOrder(expected: readonly JsonRow[], got: readonly JsonRow[]): Pair[] {
  const texts = got.map((row) => jsonText(row));
  const taken = new Set<number>();
  const places = new Map<string, number[]>();
  texts.forEach((text, at) => void places.set(text, [...(places.get(text) ?? []), at]));
  const ones = expected.flatMap((row, at) => {
    const same = places.get(jsonText(row))?.shift();
    if (same !== undefined) taken.add(same);
    return same === undefined ? [{ name: `#${at + 1}`, row }] : [];
  });
  const others = got.flatMap((row, at) => (taken.has(at) ? [] : [{ name: `#${at + 1}`, row }]));
  if (ones.length === others.length)
    return ones.map(({ name, row }, at) => ({ name, one: row, other: others[at]?.row }));
  return [
    ...ones.map(({ name, row }) => ({ name, one: row, other: undefined })),
    ...others.map(({ name, row }) => ({ name, one: undefined, other: row })),
  ];
}

function valueText(row: JsonRow, column: string): string {
  return jsonText(row[column] ?? null);
}

function shownName(name: string): string {
  return cut(name, 80);
}

function cut(text: string, most: number): string {
  const line = plainText(text);
  return line.length > most ? `${line.slice(0, most)}…` : line;
}
