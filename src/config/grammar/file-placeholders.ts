/** Of `layout`, as with dlt: of the file, and of the time of its load package. */
export const filePlaceholders = [
  'table_name',
  'schema_name',
  'load_id',
  'file_id',
  'ext',
  'load_package_timestamp',
  'timestamp',
  'curr_date',
  'YYYY',
  'YY',
  'Y',
  'MMMM',
  'MMM',
  'MM',
  'M',
  'DD',
  'D',
  'HH',
  'H',
  'mm',
  'm',
  'dddd',
  'ddd',
  'dd',
  'd',
  'Q',
] as const;

export type FilePlaceholder = (typeof filePlaceholders)[number];

/** Why files cannot be laid out so; undefined where they can. A fragment of a sentence. */
export function whyNoLayout(layout: string): string | undefined {
  const used = [...layout.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name);
  const known: readonly string[] = filePlaceholders;
  const unknown = used.find((name) => !known.includes(name));
  if (unknown !== undefined) return `there is no placeholder {${unknown}}, only ${braced(known)}`;
  const missing = ['table_name', 'load_id', 'file_id'].filter((name) => !used.includes(name));
  if (missing.length > 0)
    return `expected ${braced(missing)} in it: files are found by their table, and count once their load is complete`;
  if (!/^(?:[^{}]|\{schema_name\})*\{table_name\}[^{}\w]/.test(layout))
    return 'expected {table_name} and a separator at its beginning, at most {schema_name} before them: tables are listed by it';
  if (layout.split('/').some((part) => part === '' || part === '.' || part === '..'))
    return 'expected a path below the dataset, without an empty part, `.` or `..`';
  return /^_(?:dlt|elt)_/.test(layout) ? 'begins as the names of the books do' : undefined;
}

// --- internal ---

function braced(names: readonly string[]): string {
  return names.map((name) => `{${name}}`).join(', ');
}
