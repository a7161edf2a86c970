import type { RowForm } from './row-form.ts';

/** RFC 4180 with line feeds, and a header. Null is nothing, an empty text is `""`; whatever else a value holds stays as it is. */
export const csvForm: RowForm = {
  cells: 'text',
  begin: (columns) => {
    let header = `${columns.map(({ name }) => field(name)).join(',')}\n`;
    return {
      rows: (batch) => withHeader(batch.map((row) => `${row.map(field).join(',')}\n`).join('')),
      end: () => withHeader(''),
    };

    function withHeader(text: string): string {
      const whole = header + text;
      header = '';
      return whole;
    }
  },
};

function field(text: string | null): string {
  if (text === null) return '';
  return text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
