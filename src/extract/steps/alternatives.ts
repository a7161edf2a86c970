/** The lists of plain keys of which `coalesce` takes the first that has a value: any of them may lack. */
export function alternativesIn(sql: string, names: readonly string[]): string[][] {
  return [...sql.matchAll(/\bcoalesce\s*\(([^()]*)\)/gi)].map(([, list = '']) =>
    list
      .split(',')
      .map((part) => part.trim().replace(/^"(.*)"$/, '$1'))
      .filter((part) => names.includes(part)),
  );
}
