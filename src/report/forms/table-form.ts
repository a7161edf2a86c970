import { count } from '../../text/count.ts';
import { displayWidth, padded } from '../../text/display-width.ts';
import { plainText } from '../../text/plain-text.ts';
import type { Cells, FormColumn, RowForm, RowWriter } from './row-form.ts';

/** So many rows decide how wide the columns are; memory does not grow with those that come later. */
const MEASURED_ROWS = 1000;
/** Wider cells are cut, with a `…`: for whole ones there are the other forms. */
const MOST_WIDTH = 80;

/** For people: columns under one another, control characters made harmless, how many rows there are. */
export const tableForm: RowForm = {
  cells: 'text',
  begin: (columns) => new TableWriter(columns),
};

class TableWriter implements RowWriter {
  readonly #columns: readonly FormColumn[];
  #first: string[][] = [];
  #widths: readonly number[] | undefined;
  #count = 0;

  constructor(columns: readonly FormColumn[]) {
    this.#columns = columns;
  }

  rows(batch: readonly Cells[]): string {
    this.#count += batch.length;
    const shown = batch.map((row) => row.map(cellText));
    if (this.#widths !== undefined) return this.#lines(shown, this.#widths);
    this.#first.push(...shown);
    return this.#first.length < MEASURED_ROWS ? '' : this.#begin();
  }

  end(): string {
    const rest = this.#widths === undefined ? this.#begin() : '';
    return `${rest}(${count(this.#count, 'row')})\n`;
  }

  #begin(): string {
    const names = this.#columns.map(({ name }) => cellText(name));
    const widths = names.map((name, column) =>
      Math.max(displayWidth(name), ...this.#first.map((row) => displayWidth(row[column] ?? ''))),
    );
    const text = this.#lines([names, widths.map((width) => '─'.repeat(width)), ...this.#first], widths);
    this.#widths = widths;
    this.#first = [];
    return text;
  }

  #lines(rows: readonly (readonly string[])[], widths: readonly number[]): string {
    return rows.map((row) => `${this.#line(row, widths)}\n`).join('');
  }

  #line(row: readonly string[], widths: readonly number[]): string {
    const cells = row.map((text, column) =>
      padded(text, widths[column] ?? 0, this.#columns[column]?.isNumber === true ? 'right' : 'left'),
    );
    return cells.join('  ').trimEnd();
  }
}

function cellText(value: string | null): string {
  if (value === null) return 'NULL';
  const text = plainText(value.length > 10 * MOST_WIDTH ? value.slice(0, 10 * MOST_WIDTH) : value);
  return displayWidth(text) <= MOST_WIDTH && value.length <= 10 * MOST_WIDTH ? text : `${cut(text)}…`;
}

function cut(text: string): string {
  let short = '';
  for (const character of text) {
    if (displayWidth(short + character) >= MOST_WIDTH) break;
    short += character;
  }
  return short;
}
