import { createHash } from 'node:crypto';

/** Six letters and digits that stand for a longer text: dlt's tag. */
export function shortenTag(text: string): string {
  return createHash('shake128', { outputLength: 4 })
    .update(text)
    .digest('base64')
    .replaceAll('=', '')
    .replaceAll('/', 'a')
    .replaceAll('+', 'b')
    .toLowerCase();
}
