import { plainText } from './plain-text.ts';

/** Text of a reply, fit for a message: one harmless line of at most `length` characters. */
export function printable(text: string, length = 200): string {
  const line = plainText(text).replace(/\s+/g, ' ');
  return line.length > length ? `${line.slice(0, length).trimEnd()}…` : line;
}
