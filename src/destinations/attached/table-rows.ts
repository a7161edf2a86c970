import { type PlainRow, streamPlainRows } from '../../duckdb/plain-rows.ts';
import { qualifiedName } from '../../duckdb/quote.ts';
import { PipelineError } from '../../errors.ts';
import { parsePlainJson } from '../../json/plain-json.ts';
import type { OpenCatalogue, ReadableCatalogue } from './open-catalogue.ts';

/** Rows of a published table, in its order. The catalogue is open until the last one is read or the loop is left. */
export async function* tableRows(
  catalogue: ReadableCatalogue,
  dataset: string,
  name: string,
): AsyncGenerator<PlainRow> {
  const file = await catalogue.open();
  if (file === undefined) throw nothingThere(catalogue.location);
  try {
    await requireTable(file, dataset, name);
    yield* streamPlainRows(file.connection, `from ${qualifiedName(file.catalog, dataset, name)}`, parsePlainJson);
  } catch (error) {
    throw file.tell(error);
  } finally {
    file.close();
  }
}

/** @throws PipelineError UsageInvalid */
export async function requireTable(
  { connection, catalog }: OpenCatalogue,
  dataset: string,
  name: string,
): Promise<void> {
  const rows = await connection.rows(
    `select table_name from information_schema.tables where table_catalog = ? and lower(table_schema) = lower(?) order by table_name`,
    [catalog, dataset],
  );
  const names = rows.map((row) => String(row.table_name));
  if (names.some((other) => other.toLowerCase() === name.toLowerCase())) return;
  throw noTable(name, dataset, names);
}

/** Whoever reads a table without a look first may have mistyped the path: it is an error of the destination. */
function nothingThere(location: string): PipelineError {
  return new PipelineError({
    code: 'DestinationFailed',
    message: `There is nothing at ${location} yet.`,
    hint: 'Load something first: dezgo-elt run',
    facts: { destination: location },
  });
}

function noTable(name: string, dataset: string, names: readonly string[]): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `There is no table \`${name}\` in the dataset ${dataset}.`,
    hint: names.length === 0 ? 'Load something first: dezgo-elt run' : `It has these: ${names.join(', ')}.`,
    facts: { table: name, dataset, tables: names },
  });
}
