/** Leaves of JSON that no table holds. Each value counts as often as it comes: two equal leaves need two cells. */
export function lost(json: unknown, cells: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const cell of cells.map(canonical)) left.set(cell, (left.get(cell) ?? 0) + 1);
  return leaves(json)
    .filter(({ text }) => {
      const count = left.get(text) ?? 0;
      left.set(text, count - 1);
      return count <= 0;
    })
    .map(({ path, text }) => `${path} = ${text}`);
}

/** How many values a table has to hold. */
export const leafCount = (json: unknown): number => leaves(json).length;

function leaves(json: unknown, path = '$'): { path: string; text: string }[] {
  if (json === null || json === undefined) return [];
  if (typeof json !== 'object') return [{ path, text: canonical(String(json)) }];
  return Object.entries(json).flatMap(([key, member]) => leaves(member, `${path}.${key}`));
}

/** One text for what is one value: 10 is 10.0000 in a decimal column, a time has many forms. */
function canonical(text: string): string {
  if (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) && text.length < 16) return String(Number(text));
  if (/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d/.test(text))
    return new Date(text.replace(' ', 'T').replace(/\+00$/, 'Z')).toISOString();
  return text;
}
