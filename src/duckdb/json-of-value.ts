import {
  DuckDBBlobValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from '@duckdb/node-api';
import { parseExactJson } from '../json/exact-json.ts';
import type { Json } from '../json/json-value.ts';
import { valueText } from './value-text.ts';

/** True for lists, structs and the like: their JSON is to be asked for, `to_json(…)`. */
export function isNested({ typeId }: DuckDBType): boolean {
  return nested.has(typeId);
}

/**
 * A value of DuckDB as a reply in JSON has it: numbers exact, timestamps in ISO 8601 (of those with a zone, in UTC), JSON parsed,
 * bytes in base64, anything else as DuckDB writes it.
 */
export function jsonOfValue(value: DuckDBValue, type: DuckDBType): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'bigint') return parseExactJson(String(value), true);
  if (type.typeId === DuckDBTypeId.DECIMAL && typeof value !== 'string') return parseExactJson(String(value), true);
  if (type.alias === 'JSON') return parseExactJson(String(value), true);
  if (value instanceof DuckDBTimestampTZValue) return isoOf(value.micros, 'Z') ?? valueText(value);
  if (value instanceof DuckDBTimestampValue) return isoOf(value.micros, '') ?? valueText(value);
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64');
  return valueText(value);
}

// --- internal ---

const nested: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.LIST,
  DuckDBTypeId.STRUCT,
  DuckDBTypeId.MAP,
  DuckDBTypeId.ARRAY,
  DuckDBTypeId.UNION,
]);

/** Undefined beyond the years that ISO 8601 has, infinity included. */
function isoOf(micros: bigint, zone: string): string | undefined {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const date = new Date(Number((micros - fraction) / 1000n));
  const year = date.getUTCFullYear();
  if (Number.isNaN(year) || year < 1 || year > 9999) return undefined;
  const digits = fraction === 0n ? '' : `.${String(fraction).padStart(6, '0')}`;
  return `${date.toISOString().slice(0, 19)}${digits}${zone}`;
}
