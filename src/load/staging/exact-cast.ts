/** What a column that is there can hold, as far as it differs from what the load would have made. */
export interface ColumnLimits {
  /** DuckDB type that has its values; absent: DuckDB has none. */
  readonly type?: string | undefined;
  /** Characters of the longest text. */
  readonly length?: number | undefined;
  /** Digits of a second's fraction. */
  readonly fraction?: number | undefined;
  /** Digits behind the point. */
  readonly scale?: number | undefined;
}

/**
 * DuckDB SQL of whether a column holds a value as it is; undefined where it holds all of that type.
 *
 * @param value SQL
 * @param from DuckDB type of the value
 */
export function isHeld(value: string, from: string, limits: ColumnLimits): string | undefined {
  const { type, length, fraction, scale } = limits;
  const conditions = [
    ...(type === undefined || type === from || type === 'VARCHAR' ? [] : [survives(value, from, type)]),
    ...(length === undefined ? [] : [`length(${value}::varchar) <= ${length}`]),
    ...(fraction === undefined || !/^(?:TIME|VARCHAR)/.test(from) ? [] : [hasFraction(value, from, fraction)]),
    // What is too large for DuckDB's numbers the server looks at.
    ...(scale === undefined ? [] : [`coalesce(${asNumber(value, `DECIMAL(38,${scale})`)}, true)`]),
  ];
  return conditions.length === 0 ? undefined : conditions.join(' and ');
}

// --- internal ---

const NUMBER = /^(?:U?(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|DECIMAL\(.*\))$/;

/** There and back again. Texts are compared by what they mean, since `2026-01-01T00:00:00Z` comes back as another text. */
function survives(value: string, from: string, to: string): string {
  if (from !== 'VARCHAR') return `try_cast(try_cast(${value} as ${to}) as ${from}) is not distinct from ${value}`;
  if (NUMBER.test(to)) return asNumber(value, to);
  if (to === 'DATE') return `try_cast(${value} as DATE)::timestamptz = try_cast(${value} as timestamptz)`;
  return `try_cast(${value} as ${to}) is not null`;
}

function asNumber(value: string, to: string): string {
  return `try_cast(${value} as ${to})::double = try_cast(${value} as double)`;
}

function hasFraction(value: string, from: string, digits: number): string {
  const instant = from === 'VARCHAR' ? `try_cast(${value} as timestamptz)` : value;
  return `coalesce(microsecond(${instant}) % ${10 ** (6 - Math.min(digits, 6))} = 0, true)`;
}
