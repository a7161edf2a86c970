import { plainText } from '../../text/plain-text.ts';
import type { RowForm } from './row-form.ts';

/** A table of GitHub's Markdown; nothing in a value is taken for Markdown or HTML. */
export const markdownForm: RowForm = {
  cells: 'text',
  begin: (columns) => {
    let header = `${line(columns.map(({ name }) => name))}${columns.map(({ isNumber }) => (isNumber ? '|--:' : '|---')).join('')}|\n`;
    return {
      rows: (batch) => withHeader(batch.map(line).join('')),
      end: () => withHeader(''),
    };

    function withHeader(text: string): string {
      const whole = header + text;
      header = '';
      return whole;
    }
  },
};

function line(cells: readonly (string | null)[]): string {
  return `| ${cells.map((cell) => (cell === null ? '' : escaped(cell))).join(' | ')} |\n`;
}

function escaped(cell: string): string {
  return cell
    .split(/\r\n|\r|\n/)
    .map((part) => plainText(part).replace(/[\\|`*<>[\]]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&'))
    .join('<br>');
}
