const plainPath = /^(?:\$|(?:\$\.)?([\p{L}_][\p{L}\p{N}_-]*(?:\.[\p{L}_][\p{L}\p{N}_-]*)*))$/u;

const SHOWN_CHARACTERS = 200;

/** The names of a path of plain names (`data.items`, `$.data`); none for `$`; undefined for a path that is more than that. */
export function plainNames(expression: string): readonly string[] | undefined {
  const plain = plainPath.exec(expression.trim());
  return plain === null ? undefined : (plain[1]?.split('.') ?? []);
}

/**
 * What is wrong with a JSONPath of a configuration, in the words of a message about its value; undefined if nothing is. Plain
 * names are checked without the JSONPath library.
 *
 * @example
 * await selectorProblem('data.items') // undefined
 * await selectorProblem('a[?c>1]') // '`a[?c>1]` is not a JSONPath of RFC 9535: …; write `$.a[?@.c>1]`'
 */
export async function selectorProblem(expression: string): Promise<string | undefined> {
  if (plainNames(expression) !== undefined) return undefined;
  const query = (await import('./rfc-query.ts')).rfcQuery(expression);
  if (!('reason' in query)) return undefined;
  const advice = query.rfcForm === undefined ? '' : `; write \`${query.rfcForm}\``;
  const shown = expression.length > SHOWN_CHARACTERS ? `${expression.slice(0, SHOWN_CHARACTERS)}…` : expression;
  return `\`${shown}\` is not a JSONPath of RFC 9535: ${query.reason}${advice}`;
}
