import { jsonText } from '../json/json-text.ts';
import type { Json } from '../json/json-value.ts';
import { type Alignment, aligned } from '../text/aligned.ts';
import { plainText } from '../text/plain-text.ts';
import { printable } from '../text/printable.ts';

export interface RowTable {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly Readonly<Record<string, Json>>[];
}

/** Characters, of a value, and of a line: the columns that do not fit are named below. */
const WIDEST_VALUE = 40;
const WIDEST_LINE = 140;

/** Rows under the names of their columns; what is too long is shortened. */
export function rowTable({ columns, rows }: RowTable): string[] {
  const texts = columns.map(({ name, type }) => ({
    name: plainText(name),
    alignment: alignmentOf(type),
    values: rows.map((row) => cellText(row[name] ?? null)),
  }));
  const shown = texts.slice(0, fitting(texts));
  const hidden = texts.slice(shown.length).map(({ name }) => name);
  const heading = shown.map(({ name }) => name);
  const lines = rows.map((_, index) => shown.map(({ values }) => values[index] ?? ''));
  return [
    ...aligned(
      [heading, ...lines],
      shown.map(({ alignment }) => alignment),
    ),
    ...(hidden.length === 0 ? [] : [`  beside them: ${hidden.join(', ')}`]),
  ];
}

// --- internal ---

interface Column {
  readonly name: string;
  readonly values: readonly string[];
}

/** How many columns have room in a line; the first one always has. */
function fitting(columns: readonly Column[]): number {
  let width = 0;
  const tooMuch = columns.findIndex(({ name, values }) => {
    width += 2 + Math.max(name.length, ...values.map(({ length }) => length));
    return width > WIDEST_LINE;
  });
  return tooMuch === -1 ? columns.length : Math.max(1, tooMuch);
}

function cellText(value: Json): string {
  if (value === null) return '';
  return printable(typeof value === 'string' ? value : jsonText(value), WIDEST_VALUE);
}

function alignmentOf(type: string): Alignment {
  return /^(u?(tiny|small|big|huge)?int(eger)?|decimal|double|float)\b/i.test(type) ? 'right' : 'left';
}
