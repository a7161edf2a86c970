import type { Json } from '../json/json-value.ts';
import type { Connection } from './connection.ts';
import { jsonOfValue } from './json-of-value.ts';

/** A row by column name, its values as `jsonOfValue` gives them: exact, and the same however often they are read. */
export type JsonRow = Readonly<Record<string, Json>>;

/** Throws DestinationUnreadable where the rows end too early. */
export async function jsonRows(connection: Connection, sql: string): Promise<JsonRow[]> {
  const result = await connection.driver.stream(sql);
  const names = result.columnNames();
  const types = result.columnTypes(); // only these know their alias JSON, those of the chunks do not
  const found: JsonRow[] = [];
  for await (const rows of result.yieldRows()) {
    for (const values of rows) {
      found.push(Object.fromEntries(types.map((type, i) => [names[i], jsonOfValue(values[i] ?? null, type)])));
    }
  }
  await connection.requireAllRows(found.length, sql);
  return found;
}
