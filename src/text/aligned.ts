import { plainText } from './plain-text.ts';

export type Alignment = 'left' | 'right';

/**
 * Rows as lines with their columns under one another, two blanks in front and between; nothing after the last word.
 *
 * @example aligned([['models', '112'], ['jobs', '2']], ['left', 'right'])  // ['  models  112', '  jobs      2']
 */
export function aligned(rows: readonly (readonly string[])[], alignments: readonly Alignment[]): string[] {
  const texts = rows.map((row) => row.map(plainText));
  const widths = alignments.map((_, column) => Math.max(0, ...texts.map((row) => (row[column] ?? '').length)));
  return texts.map((row) =>
    `  ${row.map((text, column) => pad(text, widths[column] ?? 0, alignments[column])).join('  ')}`.trimEnd(),
  );
}

function pad(text: string, width: number, alignment: Alignment | undefined): string {
  return alignment === 'right' ? text.padStart(width) : text.padEnd(width);
}
