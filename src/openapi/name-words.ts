/** `next_page-token`, `nextPageToken`, `$next.PageToken` → `nextpagetoken`: names are compared without case and signs. */
export function bare(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

/** Such as `user_id`, `userId`, `user-id` → `user id`. */
export function wordsOf(name: string): string[] {
  return name
    .slice(0, LONGEST)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/** Of an English noun; others stay as they are. */
export function singular(word: string): string {
  if (/(ss|us|is|news|data|status|series)$/.test(word) || word.length < 3) return word;
  if (/ies$/.test(word) && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(ch|sh|x|z|ss|s)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

/** A name for a resource: lower-case letters, digits and `_`, a letter first; '' where nothing of that is left. */
export function resourceWord(name: string): string {
  return wordsOf(name)
    .map((word) => word.replace(/[^a-z0-9]+/g, ''))
    .filter(Boolean)
    .join('_');
}

// --- internal ---

const LONGEST = 200;
