import type { Json } from '../json/json-value.ts';
import { jsonOfValue } from './json-of-value.ts';
import type { QueryColumn, QueryRow } from './query-stream.ts';

/** A row by column name, its values as `jsonOfValue` gives them: exact, and the same however often they are read. */
export type JsonRow = Readonly<Record<string, Json>>;

interface Answer {
  readonly columns: readonly QueryColumn[];
  batches(): AsyncGenerator<QueryRow[]>;
}

/** All rows of an answer. */
export async function jsonRows({ columns, batches }: Answer): Promise<JsonRow[]> {
  const found: JsonRow[] = [];
  for await (const rows of batches()) {
    for (const values of rows) {
      found.push(Object.fromEntries(columns.map(({ name, type }, i) => [name, jsonOfValue(values[i] ?? null, type)])));
    }
  }
  return found;
}
