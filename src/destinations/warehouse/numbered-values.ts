/** Quoted names and texts, which can hold a `?`, and the `?` that stand for values. */
const TOKENS = /"(?:[^"]|"")*"|'(?:[^']|'')*'|`(?:[^`]|``)*`|\?/g;

/**
 * SQL whose values stand as `?`, for an engine that numbers them.
 *
 * @example
 * numbered('select ? where "a?" = ?', (place) => `$${place}`) // select $1 where "a?" = $2
 */
export function numbered(sql: string, name: (place: number) => string): string {
  let place = 0;
  return sql.replace(TOKENS, (token) => (token === '?' ? name(++place) : token));
}
