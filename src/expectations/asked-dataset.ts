import { quotedIdentifier } from '../duckdb/quote.ts';
import { jsonText } from '../json/json-text.ts';
import type { Asker } from '../load/asker.ts';
import type { ActualColumn } from '../load/catalogue.ts';
import { type Fragment, fragment } from '../load/staging/sql-fragment.ts';
import { type Target, targetTable } from '../load/target.ts';

/** The dataset that expectations are asked of: in the transaction of the load, with its rows. */
export interface AskedDataset {
  readonly asker: Asker;
  readonly dataset: string;
  /** A table in SQL. */
  readonly tableName: (table: string) => string;
  readonly sql: AskingSql;
}

/** What the built-in kinds of expectations are asked with, where engines differ. Columns come quoted by `identifier`. */
export interface AskingSql {
  identifier(name: string): string;
  /** False of a value that is none of these; null of null. */
  isOneOf(column: string, of: ColumnType, values: readonly string[]): Fragment;
  matches(column: string, pattern: string): Fragment;
  /** An instant, whatever the type of the column; null of a text that does not read like one. */
  instant(column: string, of: ColumnType): string;
  /** The instant that a load id tells. */
  loadInstant(column: string): string;
  /** Milliseconds since 1970 of an instant. */
  milliseconds(instant: string): string;
}

/** As the catalogue tells it. */
type ColumnType = Pick<ActualColumn, 'type' | 'native'>;

/** What a load into an attached file is asked with. */
export function askedOf(target: Target): AskedDataset {
  const { connection: asker, dataset } = target;
  return { asker, dataset, tableName: (table) => targetTable(target, table), sql: duckdbAsking };
}

// --- internal ---

const duckdbAsking: AskingSql = {
  identifier: quotedIdentifier,
  isOneOf: (column, { type }, values) =>
    fragment(`list_contains(from_json(?::json, '["VARCHAR"]')::${type}[], ${column})`, jsonText(values)),
  matches: (column, pattern) => fragment(`regexp_matches(${column}::varchar, ?)`, pattern),
  instant: (column) => `try_cast(${column} as timestamptz)`,
  loadInstant: (column) => `to_timestamp(try_cast(${column} as double))`,
  milliseconds: (instant) => `epoch_ms(${instant})`,
};
