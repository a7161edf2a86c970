import { DuckDBDataChunk, type DuckDBType, DuckDBTypeId, type DuckDBValue, VARCHAR } from '@duckdb/node-api';
import type { Connection } from './connection.ts';
import type { QueryColumn, QueryRow } from './query-stream.ts';
import { quotedIdentifier } from './quote.ts';

/**
 * Puts rows that come from elsewhere into the temporary table `answer`, which is made anew. Decimals without fixed digits, and integers
 * of 128 bits, are text there: Parquet has none.
 */
export async function keepAnswer(
  connection: Connection,
  columns: readonly QueryColumn[],
  batches: AsyncGenerator<QueryRow[]>,
): Promise<void> {
  const types = columns.map(({ type }) => (isText(type) ? VARCHAR : type));
  const defined = columns.map(({ name }, index) => `${quotedIdentifier(name)} ${types[index]?.alias ?? types[index]}`);
  await connection.run(`create or replace temp table answer (${defined.join(', ')})`);
  const appender = await connection.driver.createAppender('answer', 'main', 'temp');
  try {
    for await (const rows of batches) {
      for (let from = 0; from < rows.length; from += MOST_ROWS) {
        const chunk = DuckDBDataChunk.create(types);
        chunk.setRows(
          rows
            .slice(from, from + MOST_ROWS)
            .map((row) => row.map((value, at) => (types[at] === VARCHAR ? textOf(value) : value))),
        );
        appender.appendDataChunk(chunk);
      }
    }
  } finally {
    appender.closeSync();
  }
}

// --- internal ---

/** Of a chunk. */
const MOST_ROWS = 2048;

function textOf(value: DuckDBValue): DuckDBValue {
  return value === null ? null : String(value);
}

function isText(type: DuckDBType): boolean {
  if (type.typeId === DuckDBTypeId.HUGEINT) return true;
  return type.typeId === DuckDBTypeId.DECIMAL && type.width === 38 && type.scale === 0;
}
