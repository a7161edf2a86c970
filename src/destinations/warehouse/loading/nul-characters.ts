import type { Connection } from '../../../duckdb/connection.ts';
import { qualifiedName, quotedIdentifier } from '../../../duckdb/quote.ts';
import { KEY, PACKAGE, PARENT_KEY, type PackageTable, ROOT_KEY } from '../../../package/layout.ts';
import { count } from '../../../text/count.ts';

/** How JSON writes it. */
const ESCAPED = "'\\u0000'";

/** DuckDB SQL of a text, or of JSON, without NUL characters; other values as they are. */
export function withoutNul(expression: string, type: string): string {
  if (type === 'VARCHAR') return `replace(${expression}, chr(0), '')`;
  // An escaped backslash before it is passed over as a whole.
  return type === 'JSON' ? `regexp_replace(${expression}, '\\\\u0000|(\\\\.)', '\\1', 'g')` : expression;
}

type PackageColumns = ReadonlyMap<string, ReadonlySet<string>>;

/** What is read of the tables with such characters instead: also keys, so that those that become the same are known as such. */
export function withoutNuls(
  nuls: ReadonlyMap<string, number>,
  tables: readonly PackageTable[],
  packageColumns: PackageColumns,
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  return new Map(
    tables
      .filter(({ schema }) => nuls.has(schema.name))
      .map(({ schema }) => [
        schema.name,
        new Map(
          textsOf(schema, packageColumns).map(({ name, type }) => [name, withoutNul(quotedIdentifier(name), type)]),
        ),
      ]),
  );
}

/** How many there are in the texts of a package, by table. */
export async function countNuls(
  connection: Connection,
  tables: readonly PackageTable[],
  packageColumns: PackageColumns,
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (const { schema, rows } of tables) {
    if (rows === 0) continue;
    const list = textsOf(schema, packageColumns).map(({ name, type }) =>
      nulsIn(`p.${quotedIdentifier(name)}`, type === 'JSON'),
    );
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

/** Columns of a package table with texts, and keys that records brought. */
function textsOf({ name: table, columns }: PackageTable['schema'], packageColumns: PackageColumns) {
  const texts = Object.values(columns).flatMap(({ name, data_type }) =>
    data_type === 'text' || data_type === 'json' ? [{ name, type: data_type === 'json' ? 'JSON' : 'VARCHAR' }] : [],
  );
  const keys = [KEY, PARENT_KEY, ROOT_KEY].map((name) => ({ name, type: 'VARCHAR' }));
  return [...texts, ...keys].filter(({ name }) => packageColumns.get(table)?.has(name) === true);
}

function nulsIn(column: string, isJson: boolean): string {
  const [text, width] = isJson ? [ESCAPED, 6] : ['chr(0)', 1];
  const less = isJson
    ? `length(${column}) - length(${withoutNul(column, 'JSON')})`
    : `length(${column}) - length(replace(${column}, ${text}, ''))`;
  return `sum((${less}) // ${width}) filter (where contains(${column}, ${text}))`;
}
