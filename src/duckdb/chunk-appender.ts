import type { DuckDBAppender, DuckDBType } from '@duckdb/node-api';
import { BIGINT, BOOLEAN, DOUBLE, DuckDBDataChunk, INTEGER, TIMESTAMPTZ, VARCHAR } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { Connection } from './connection.ts';

/** Types a column buffer can have; what a load package stores. */
export type VectorType = 'VARCHAR' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN' | 'TIMESTAMPTZ' | 'INTEGER';

/** Rows of one chunk, which DuckDB reads and writes at once. */
export const VECTOR_ROWS = 2048;

/** Bytes of one value in a vector; strings go one by one instead. */
export const bytesPerValue: Readonly<Record<VectorType, number>> = {
  VARCHAR: 0,
  BIGINT: 8,
  DOUBLE: 8,
  BOOLEAN: 1,
  TIMESTAMPTZ: 8,
  INTEGER: 4,
};

/** Whether DuckDB's name of a column's type is one of those. */
export function isVectorType(name: string): name is VectorType {
  return Object.hasOwn(bytesPerValue, name);
}

const driverTypes: Readonly<Record<VectorType, DuckDBType>> = {
  VARCHAR,
  BIGINT,
  DOUBLE,
  BOOLEAN,
  TIMESTAMPTZ,
  INTEGER,
};

/** A column of buffered values, laid out as DuckDB's vectors are. */
export interface VectorSource {
  readonly type: VectorType;
  /** Values back to back; unused for VARCHAR. */
  readonly bytes: ArrayBuffer;
  /** For VARCHAR: null where there is no value. Emptied while it is written. */
  readonly strings: (string | null)[];
  /** One bit a row, set where there is a value; null when every row has one. */
  readonly validity: Uint32Array<ArrayBuffer> | null;
}

/**
 * Appends buffered columns to one table, a chunk of 2,048 rows at a time: one native copy a column, one call a string.
 * Appending is synchronous and runs on the main thread; DDL on the same table needs `close()` and a commit first.
 */
export class ChunkAppender {
  readonly #appender: DuckDBAppender;
  readonly #chunk: DuckDBDataChunk;

  private constructor(appender: DuckDBAppender, chunk: DuckDBDataChunk) {
    this.#appender = appender;
    this.#chunk = chunk;
  }

  static async open(
    connection: Connection,
    [catalog, schema, table]: readonly [string, string, string],
    types: readonly VectorType[],
  ): Promise<ChunkAppender> {
    const appender = await connection.driver.createAppender(table, schema, catalog);
    return new ChunkAppender(appender, DuckDBDataChunk.create(types.map((type) => driverTypes[type])));
  }

  /** Writes rows 0 to `count` of the columns, in the table's column order. */
  append(columns: readonly VectorSource[], count: number): void {
    for (let from = 0; from < count; from += VECTOR_ROWS) {
      this.#appendChunk(columns, from, Math.min(VECTOR_ROWS, count - from));
    }
  }

  flush(): void {
    this.#appender.flushSync();
  }

  close(): void {
    this.#appender.closeSync();
  }

  #appendChunk(columns: readonly VectorSource[], from: number, rows: number): void {
    const { chunk } = this.#chunk;
    duckdb.data_chunk_reset(chunk);
    duckdb.data_chunk_set_size(chunk, rows);
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index];
      if (column === undefined) continue;
      const vector = duckdb.data_chunk_get_vector(chunk, index);
      if (column.type === 'VARCHAR') writeStrings(vector, column, from, rows);
      else {
        const size = bytesPerValue[column.type];
        duckdb.copy_data_to_vector(vector, 0, column.bytes, from * size, rows * size);
      }
      if (column.validity !== null) writeValidity(vector, column.validity, from, rows);
    }
    this.#appender.appendDataChunk(this.#chunk);
  }
}

function writeStrings(vector: duckdb.Vector, { strings, validity }: VectorSource, from: number, rows: number): void {
  for (let row = 0; row < rows; row++) {
    const at = from + row;
    const text = strings[at];
    if (text === null || text === undefined) continue;
    strings[at] = null;
    if (validity !== null) validity[at >> 5] = (validity[at >> 5] ?? 0) | (1 << (at & 31));
    duckdb.vector_assign_string_element(vector, row, text);
  }
}

/** A vector without a mask is all valid, so a full one is left alone. DuckDB reads masks in words of 64 bits. */
function writeValidity(vector: duckdb.Vector, validity: Uint32Array<ArrayBuffer>, from: number, rows: number): void {
  const first = from >> 5;
  const words = rows >> 5;
  let full = true;
  for (let word = first; word < first + words && full; word++) full = validity[word] === 0xffffffff;
  if (full && (rows & 31) !== 0) full = ((validity[first + words] ?? 0) | (-1 << (rows & 31))) === -1;
  if (full) return;
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, validity.buffer, first * 4, ((rows + 63) >> 6) * 8);
}
