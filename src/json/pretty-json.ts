/**
 * JSON text with a line for each member, its numbers, texts and keys as they were written; undefined for what is no JSON. Blanks
 * between them are all that changes.
 *
 * @example
 * prettyJson('{"a":[1.10],"b":{}}') // '{\n  "a": [\n    1.10\n  ],\n  "b": {}\n}'
 */
export function prettyJson(text: string): string | undefined {
  try {
    JSON.parse(text); // below, every sign stands where it may
  } catch {
    return undefined;
  }
  const parts: string[] = [];
  let depth = 0;
  const line = () => `\n${'  '.repeat(depth)}`;
  const tokens = text.match(token) ?? [];
  tokens.forEach((sign, at) => {
    const isEmpty = closing.has(tokens[at + 1] ?? '');
    if (opening.has(sign)) {
      depth += 1;
      parts.push(isEmpty ? sign : `${sign}${line()}`);
    } else if (closing.has(sign)) {
      depth -= 1;
      parts.push(opening.has(tokens[at - 1] ?? '') ? sign : `${line()}${sign}`);
    } else if (sign === ',') parts.push(`,${line()}`);
    else parts.push(sign === ':' ? ': ' : sign);
  });
  return parts.join('');
}

// --- internal ---

const token = /"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s[\]{}:,"]+/g;
const opening: ReadonlySet<string> = new Set('{[');
const closing: ReadonlySet<string> = new Set('}]');
