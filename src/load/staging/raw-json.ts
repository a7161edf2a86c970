/** JSON with every number and string as the text that it was: an object by its keys, a list, or the text of a scalar. */
export type RawJson = ReadonlyMap<string, RawJson> | readonly RawJson[] | string;

/** A string, a number, a word, a blank or one of `{}[]:,`. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[^\s{}[\]:,"]+|[{}[\]:,]/gs;

/** Parses what is JSON; `JSON.parse` would change numbers such as 1.0 and the order of keys such as "7". */
export function rawJson(text: string): RawJson {
  JSON.parse(text); // throws with a message where it is no JSON
  const tokens = text.match(TOKENS) ?? [];
  let at = 0;
  const value = (): RawJson => {
    const token = tokens[at++] ?? '';
    if (token === '{') return object();
    return token === '[' ? list() : token;
  };
  const object = (): RawJson => {
    const members = new Map<string, RawJson>();
    while (tokens[at] !== '}') {
      if (tokens[at] === ',') at++;
      const key = String(JSON.parse(tokens[at] ?? ''));
      at += 2;
      members.set(key, value());
    }
    at++;
    return members;
  };
  const list = (): RawJson => {
    const items: RawJson[] = [];
    while (tokens[at] !== ']') {
      if (tokens[at] === ',') at++;
      items.push(value());
    }
    at++;
    return items;
  };
  return value();
}

/** Compact JSON, everything in its order. */
export function rawText(json: RawJson): string {
  if (typeof json === 'string') return json;
  if (isList(json)) return `[${json.map(rawText).join(',')}]`;
  return `{${[...json].map(([key, value]) => `${JSON.stringify(key)}:${rawText(value)}`).join(',')}}`;
}

/** Compact JSON with sorted keys, as dlt hashes it. */
export function sortedText(json: RawJson): string {
  if (typeof json === 'string') return json;
  if (isList(json)) return `[${json.map(sortedText).join(',')}]`;
  const members = [...json].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${members.map(([key, value]) => `${JSON.stringify(key)}:${sortedText(value)}`).join(',')}}`;
}

function isList(json: Exclude<RawJson, string>): json is readonly RawJson[] {
  return Array.isArray(json);
}
