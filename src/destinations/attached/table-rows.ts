import { type PlainRow, streamPlainRows } from '../../duckdb/plain-rows.ts';
import { qualifiedName } from '../../duckdb/quote.ts';
import { ReadOnlyFile } from '../../duckdb/read-only-file.ts';
import { PipelineError } from '../../errors.ts';
import { parsePlainJson } from '../../json/plain-json.ts';

/** Rows of a published table, in the file's order. The file is open until the last one is read or the loop is left. */
export async function* tableRows(path: string, dataset: string, name: string): AsyncGenerator<PlainRow> {
  const file = await ReadOnlyFile.open(path);
  try {
    await requireTable(file, dataset, name);
    yield* streamPlainRows(file.connection, `from ${qualifiedName(file.catalog, dataset, name)}`, parsePlainJson);
  } catch (error) {
    throw file.tell(error);
  } finally {
    file.close();
  }
}

async function requireTable({ connection, catalog }: ReadOnlyFile, dataset: string, name: string): Promise<void> {
  const rows = await connection.rows(
    `select table_name from information_schema.tables where table_catalog = ? and lower(table_schema) = lower(?) order by table_name`,
    [catalog, dataset],
  );
  const names = rows.map((row) => String(row.table_name));
  if (names.some((other) => other.toLowerCase() === name.toLowerCase())) return;
  throw new PipelineError({
    code: 'UsageInvalid',
    message: `There is no table \`${name}\` in the dataset ${dataset}.`,
    hint: names.length === 0 ? 'Load something first: dezgo-elt run' : `It has these: ${names.join(', ')}.`,
    facts: { table: name, dataset, tables: names },
  });
}
