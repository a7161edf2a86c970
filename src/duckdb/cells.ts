import {
  DuckDBArrayValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  type DuckDBType,
  DuckDBTypeId,
  DuckDBUnionValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { ExactNumber } from '../json/exact-number.ts';
import { jsonText } from '../json/json-text.ts';
import type { Json } from '../json/json-value.ts';
import { jsonOfValue } from './json-of-value.ts';
import { valueText } from './value-text.ts';

/**
 * A value as JSON text: numbers digit for digit, timestamps in ISO 8601 (of those with a zone, in UTC), bytes in base64, lists,
 * structs and maps as lists and objects, json as it is, compact.
 */
export function jsonCell(value: DuckDBValue, type: DuckDBType): string {
  return jsonText(jsonOf(value, type));
}

/** The same value where a text can stand: texts without quotes, json as it was written; null where there is none. */
export function textCell(value: DuckDBValue, type: DuckDBType): string | null {
  if (value === null) return null;
  if (typeof value === 'string') return value;
  const json = jsonOf(value, type);
  if (typeof json === 'string' || typeof json === 'number') return String(json);
  return jsonText(json);
}

// --- internal ---

function jsonOf(value: DuckDBValue, type: DuckDBType): Json {
  if (value === null) return null;
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) {
    const of = elementType(type);
    return value.items.map((item) => jsonOf(item, of));
  }
  if (value instanceof DuckDBStructValue && type.typeId === DuckDBTypeId.STRUCT) {
    return object(type.entryNames.map((name, i) => [name, value.entries[name] ?? null, type.entryTypes[i] ?? type]));
  }
  if (value instanceof DuckDBMapValue && type.typeId === DuckDBTypeId.MAP) {
    const key = (of: DuckDBValue) => textCell(of, type.keyType) ?? 'null';
    return object(value.entries.map((entry) => [key(entry.key), entry.value, type.valueType]));
  }
  if (value instanceof DuckDBUnionValue && type.typeId === DuckDBTypeId.UNION) {
    return jsonOf(value.value, type.memberTypes[type.memberTags.indexOf(value.tag)] ?? type);
  }
  if (type.typeId === DuckDBTypeId.DECIMAL && typeof value !== 'string') return new ExactNumber(String(value));
  if (type.typeId === DuckDBTypeId.FLOAT && typeof value === 'number') return shortest(value);
  return isWallTime(type) ? valueText(value).replace(/(?<=^\d{4}-\d\d-\d\d) (?=\d)/, 'T') : jsonOfValue(value, type);
}

function elementType(type: DuckDBType): DuckDBType {
  return type.typeId === DuckDBTypeId.LIST || type.typeId === DuckDBTypeId.ARRAY ? type.valueType : type;
}

/** Keys such as `__proto__` are members like any other. */
function object(entries: readonly (readonly [string, DuckDBValue, DuckDBType])[]): Json {
  return Object.fromEntries(entries.map(([name, value, type]) => [name, jsonOf(value, type)]));
}

/** The fewest digits that a 32-bit fraction is read back from: 0.1, not 0.10000000149011612. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** Timestamps of another precision than microseconds, whose text DuckDB writes with a blank. */
function isWallTime({ typeId }: DuckDBType): boolean {
  return (
    typeId === DuckDBTypeId.TIMESTAMP_S || typeId === DuckDBTypeId.TIMESTAMP_MS || typeId === DuckDBTypeId.TIMESTAMP_NS
  );
}
