/**
 * An expression in which `author->>'name'` is one value, as it is in PostgreSQL and to whoever reads it: for DuckDB the arrows
 * bind less than `and`, so that `a and author->>'name' = 'x'` would be something else. Lambdas stay as they are.
 *
 * @example
 * withTightArrows("a > 1 and author->>'name' = 'x'") // "a > 1 and (author->>'name') = 'x'"
 */
export function withTightArrows(sql: string): string {
  const all = [...sql.matchAll(token)].map(([text]) => ({ text, open: 0, closed: 0 }));
  const tokens = all.filter(({ text }) => !/^(\s|--|\/\*)/.test(text));
  for (let at = 1; at < tokens.length; at += 1) {
    if (!isArrow(tokens[at]?.text) || !isKey(tokens[at + 1]?.text)) continue;
    const first = tokens[operandStart(tokens, at - 1)];
    let last = at + 1;
    while (isArrow(tokens[last + 1]?.text) && isKey(tokens[last + 2]?.text)) last += 2;
    const end = tokens[last];
    if (first !== undefined) first.open += 1;
    if (end !== undefined) end.closed += 1;
    at = last;
  }
  return all.map(({ text, open, closed }) => `${'('.repeat(open)}${text}${')'.repeat(closed)}`).join('');
}

// --- internal ---

interface Token {
  readonly text: string;
}

const token = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|->>|->|::|[\p{L}\p{N}_$]+|[\s\S]/gu;

/** Words that stand before an operand and are no part of it. */
const keywords =
  /^(and|or|not|in|is|when|then|else|case|end|between|like|ilike|select|where|from|on|having|distinct|any|all|exists)$/i;

function isArrow(text: string | undefined): boolean {
  return text === '->' || text === '->>';
}

function isKey(text = ''): boolean {
  return text.startsWith("'") || /^\d+$/.test(text);
}

function isWord(text = ''): boolean {
  return (/^[\p{L}\p{N}_$]/u.test(text) && !keywords.test(text)) || text.startsWith('"');
}

/** Where the operand begins that ends at a token: `a.b`, `f(x)`, `tags[1]`, `body::json`. */
function operandStart(tokens: readonly Token[], end: number): number {
  let at = end;
  for (;;) {
    const text = tokens[at]?.text;
    if (text === ')' || text === ']') {
      at = opening(tokens, at);
      if (!isWord(tokens[at - 1]?.text) && !(text === ']' && /^[)\]]$/.test(tokens[at - 1]?.text ?? ''))) return at;
      at -= 1;
    } else if (tokens[at - 1]?.text === '.' || tokens[at - 1]?.text === '::') at -= 2;
    else return Math.max(0, at);
  }
}

function opening(tokens: readonly Token[], closing: number): number {
  let depth = 0;
  for (let at = closing; at >= 0; at -= 1) {
    const { text = '' } = tokens[at] ?? {};
    if (text === ')' || text === ']') depth += 1;
    if (text === '(' || text === '[') depth -= 1;
    if (depth === 0) return at;
  }
  return closing;
}
