import type { Connection } from '../../../duckdb/connection.ts';
import { qualifiedName, quotedIdentifier } from '../../../duckdb/quote.ts';
import { PACKAGE, type PackageTable } from '../../../package/layout.ts';
import { count } from '../../../text/count.ts';

/** How JSON writes it. */
const ESCAPED = "'\\u0000'";

/** DuckDB SQL of a text, or of JSON, without NUL characters; other values as they are. */
export function withoutNul(expression: string, type: string): string {
  if (type === 'VARCHAR') return `replace(${expression}, chr(0), '')`;
  // An escaped backslash before it is passed over as a whole.
  return type === 'JSON' ? `regexp_replace(${expression}, '\\\\u0000|(\\\\.)', '\\1', 'g')` : expression;
}

/** How many there are in the texts of a package, by table. */
export async function countNuls(
  connection: Connection,
  tables: readonly PackageTable[],
  packageColumns: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (const { schema, rows } of tables) {
    if (rows === 0) continue;
    const texts = Object.values(schema.columns).filter(
      ({ name, data_type }) =>
        (data_type === 'text' || data_type === 'json') && packageColumns.get(schema.name)?.has(name) === true,
    );
    const list = texts.map(({ name, data_type }) => nulsIn(`p.${quotedIdentifier(name)}`, data_type === 'json'));
    if (list.length === 0) continue;
    const relation = qualifiedName(PACKAGE, 'main', schema.name);
    const row = await connection.row(
      `select coalesce(${list.join(', 0) + coalesce(')}, 0) as nuls from ${relation} as p`,
    );
    const nuls = Number(row?.nuls ?? 0);
    if (nuls > 0) found.set(schema.name, nuls);
  }
  return found;
}

/** What a person should know of it. */
export function nulNotes(nuls: ReadonlyMap<string, number>, engine: string): string[] {
  return [...nuls].map(
    ([table, times]) => `${table}: ${count(times, 'NUL character')} left out of texts, because ${engine} stores none.`,
  );
}

function nulsIn(column: string, isJson: boolean): string {
  const [text, width] = isJson ? [ESCAPED, 6] : ['chr(0)', 1];
  const less = isJson
    ? `length(${column}) - length(${withoutNul(column, 'JSON')})`
    : `length(${column}) - length(replace(${column}, ${text}, ''))`;
  return `sum((${less}) // ${width}) filter (where contains(${column}, ${text}))`;
}
