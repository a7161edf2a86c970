/** What a `;` can stand in without ending a statement: texts, names in quotes, comments. */
const TOKENS =
  /\be'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n\r]*|\/\*.*?\*\/|(?<![\w$])\$(\w*)\$.*?\$\1\$|;/gis;

/** The one statement of a text that holds no other, without semicolons before and behind it: to stand in brackets. */
export function soleStatement(sql: string): string {
  return sql.replace(TOKENS, (token) => (token === ';' ? ' ' : token)).trim();
}
