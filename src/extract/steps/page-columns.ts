import type { ValueColumn } from '../../duckdb/expressions.ts';
import { ExactNumber } from '../../json/exact-number.ts';
import { jsonText } from '../../json/json-text.ts';
import type { Json } from '../../json/json-value.ts';
import type { Item } from './item.ts';

/**
 * The values of one key as a column of DuckDB: of one type as that type, whole numbers beside fractions as DOUBLE, objects and
 * lists as JSON, anything else that is mixed as text. Undefined where no record has a value. Like SQL, it is found also where
 * it is written in other letters, large for small.
 */
export function pageColumn(name: string, items: readonly Item[]): ValueColumn | undefined {
  const key = keyFor(name, items);
  if (key === undefined) return undefined;
  const values = items.map((item) => (Object.hasOwn(item, key) ? item[key] : null));
  const kinds = new Set(values.filter((value) => value != null).map(kindOf));
  const type = typeOf(kinds, values);
  return { name, type, texts: values.map((value) => (value == null ? null : textOf(value, type))) };
}

// --- internal ---

type Kind = 'boolean' | 'text' | 'integer' | 'huge' | 'exact' | 'double' | 'json';

/** DuckDB's most. */
const MOST_DIGITS = 38;

function keyFor(name: string, items: readonly Item[]): string | undefined {
  const hasValue = (key: string) => items.some((item) => Object.hasOwn(item, key) && item[key] != null);
  if (hasValue(name)) return name;
  const lower = name.toLowerCase();
  const alike = new Set(items.flatMap((item) => Object.keys(item).filter((key) => key.toLowerCase() === lower)));
  return [...alike].find(hasValue);
}

function kindOf(value: Json): Kind {
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'integer' : 'double';
  if (typeof value === 'bigint') return 'huge';
  return value instanceof ExactNumber ? 'exact' : 'json';
}

function typeOf(kinds: ReadonlySet<Kind>, values: readonly Json[]): string {
  const are = (...some: Kind[]) => [...kinds].every((kind) => some.includes(kind));
  if (are('boolean')) return 'BOOLEAN';
  if (are('text')) return 'VARCHAR';
  if (are('integer')) return 'BIGINT';
  if (are('integer', 'huge', 'exact', 'double')) return kinds.has('double') ? 'DOUBLE' : exactType(values);
  return kinds.has('json') ? 'JSON' : 'VARCHAR';
}

/** DECIMAL where it holds every digit, as it does of most prices and ids. */
function exactType(values: readonly Json[]): string {
  let [whole, scale] = [1, 0];
  for (const value of values) {
    if (value == null) continue;
    const [, integer = '', fraction = ''] = /^-?(\d+)(?:\.(\d+))?$/.exec(String(value)) ?? [];
    if (integer === '') return 'DOUBLE';
    whole = Math.max(whole, integer.length);
    scale = Math.max(scale, fraction.length);
  }
  if (whole + scale > MOST_DIGITS) return 'DOUBLE';
  return scale === 0 ? 'HUGEINT' : `DECIMAL(${MOST_DIGITS}, ${scale})`;
}

function textOf(value: Json, type: string): string {
  if (type === 'JSON') return jsonText(value);
  return typeof value === 'object' ? jsonText(value) : String(value);
}
