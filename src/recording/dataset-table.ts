import type { JsonRow } from '../duckdb/json-rows.ts';
import { jsonText } from '../json/json-text.ts';

/** A table as it can be written down and compared: without what is other with each load. */
export interface DatasetTable {
  readonly name: string;
  /** What tells its rows apart; none: their order. */
  readonly key: readonly string[];
  /** Types as DuckDB prints them, by name. */
  readonly columns: Readonly<Record<string, string>>;
  /** Without nulls. `_dlt_parent_id` is the name of the parent's row. */
  readonly rows: readonly JsonRow[];
}

/** Name and place of each row, by `_dlt_id`. */
export type RowNames = ReadonlyMap<string, { readonly name: string; readonly place: number }>;

/** What each row is called: `flux_1` by its key, `flux_1/0` of a nested one, `#3` without a key. A second one of a name is `flux_1~2`. */
export function rowNames(key: readonly string[], rows: readonly JsonRow[]): string[] {
  const used = new Map<string, number>();
  return rows.map((row, at) => {
    const name = key.length === 0 ? `#${at + 1}` : key.map((column) => shownValue(row[column])).join('/');
    const times = (used.get(name) ?? 0) + 1;
    used.set(name, times);
    return times === 1 ? name : `${name}~${times}`;
  });
}

// --- internal ---

function shownValue(value: unknown): string {
  return typeof value === 'string' ? value : jsonText(value ?? null);
}
