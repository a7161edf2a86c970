import { escapedControls } from '../../json/escaped-controls.ts';
import { jsonText } from '../../json/json-text.ts';
import type { Cells, FormColumn, RowForm } from './row-form.ts';

/** One list, an object a row, a line each. Numbers digit for digit, also beyond 2^53. */
export const jsonForm: RowForm = {
  cells: 'json',
  begin: (columns) => {
    const line = objectWriter(columns);
    let before = '[\n';
    return {
      rows: (batch) => {
        if (batch.length === 0) return '';
        const text = before + batch.map(line).join(',\n');
        before = ',\n';
        return text;
      },
      end: () => (before === '[\n' ? '[]\n' : '\n]\n'),
    };
  },
};

/** An object a line, and no list around them. */
export const jsonLinesForm: RowForm = {
  cells: 'json',
  begin: (columns) => {
    const line = objectWriter(columns);
    return { rows: (batch) => batch.map((row) => `${line(row)}\n`).join(''), end: () => '' };
  },
};

function objectWriter(columns: readonly FormColumn[]): (row: Cells) => string {
  const keys = columns.map(({ name }) => jsonText(name));
  return (row) => escapedControls(`{${row.map((cell, index) => `${keys[index]}:${cell}`).join(',')}}`);
}
