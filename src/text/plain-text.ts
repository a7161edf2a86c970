import { stripVTControlCharacters } from 'node:util';

/** C0 and C1 controls, line separators, and the marks that turn the direction of text round. */
const unprintable = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/**
 * Text from outside as one harmless line: no escape sequence can move the cursor, no line break can forge a line of
 * the report. Runs of such characters become one blank.
 */
export function plainText(text: string): string {
  return stripVTControlCharacters(text).replace(unprintable, ' ').trim();
}

/** The same for text of several lines that is ours to break, such as a list of problems. */
export function plainLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.slice(0, line.length - line.trimStart().length).replace(unprintable, ' ') + plainText(line))
    .join('\n');
}
