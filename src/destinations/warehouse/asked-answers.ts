import type { Row } from '../../duckdb/connection.ts';
import type { QueryResult } from '../destination.ts';

/** A whole answer, each row by the names of its columns. */
export async function namedRows({ columns, batches }: QueryResult): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of batches()) {
    for (const row of batch) rows.push(Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null])));
  }
  return rows;
}

/** What the first column has, without null. */
export async function* firstValues(
  rows: AsyncIterable<readonly (string | number | boolean | null)[]>,
  most: number,
): AsyncGenerator<string | number> {
  let given = 0;
  for await (const [value] of rows) {
    if (value === null || value === undefined) continue;
    yield typeof value === 'number' ? value : String(value);
    given += 1;
    if (given === most) return;
  }
}
