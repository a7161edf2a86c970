import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBType,
  type DuckDBValue,
  DuckDBVarCharType,
  FLOAT,
  HUGEINT,
  INTEGER,
  SMALLINT,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  VARCHAR,
} from '@duckdb/node-api';

/** How a column of another engine is read: as which of DuckDB's types, and how a value of it is made of the engine's text. */
export interface ForeignType {
  readonly type: DuckDBType;
  readonly read: (text: string) => DuckDBValue;
}

/**
 * The type of DuckDB by its name, and its values from the text that SQL engines write: numbers in digits, times in ISO 8601 with a
 * blank or a `T`, instants with an offset or in UTC, bytes in hexadecimal digits. Exact: what does not fit (a decimal that is not
 * a number) stays text. An unknown name is read as text.
 *
 * @example
 * foreignType('DECIMAL(18,4)').read('0.5000') // DuckDBDecimalValue 0.5000
 */
export function foreignType(name: string): ForeignType {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(name);
  if (decimal !== null) {
    const scale = Number(decimal[2]);
    return { type: DECIMAL(Number(decimal[1]), scale), read: (text) => decimalOf(text, scale) };
  }
  return foreignTypes[name] ?? { type: VARCHAR, read: (text) => text };
}

/** A parameter as text, for an engine that reads its own types from text; null stays null. */
export function foreignText(value: DuckDBValue): string | null {
  if (value === null) return null;
  if (value instanceof DuckDBBlobValue) return `\\x${Buffer.from(value.bytes).toString('hex')}`;
  return String(value);
}

// --- internal ---

const foreignTypes: Readonly<Record<string, ForeignType>> = {
  BOOLEAN: { type: BOOLEAN, read: (text) => /^t/i.test(text) },
  SMALLINT: { type: SMALLINT, read: Number },
  INTEGER: { type: INTEGER, read: Number },
  BIGINT: { type: BIGINT, read: BigInt },
  HUGEINT: { type: HUGEINT, read: integerOf },
  FLOAT: { type: FLOAT, read: (text) => Math.fround(Number(text)) },
  DOUBLE: { type: DOUBLE, read: Number },
  DECIMAL: { type: DECIMAL(38, 0), read: (text) => decimalOf(text) },
  JSON: { type: DuckDBVarCharType.create('JSON'), read: (text) => text },
  BLOB: {
    type: BLOB,
    read: (text) => new DuckDBBlobValue(Uint8Array.from(Buffer.from(text.replace(/^\\x/, ''), 'hex'))),
  },
  DATE: { type: DATE, read: dateOf },
  TIME: { type: TIME, read: timeOf },
  TIMESTAMP: { type: TIMESTAMP, read: (text) => instantOf(text, DuckDBTimestampValue) },
  TIMESTAMP_S: { type: TIMESTAMP, read: (text) => instantOf(text, DuckDBTimestampValue) },
  TIMESTAMP_MS: { type: TIMESTAMP, read: (text) => instantOf(text, DuckDBTimestampValue) },
  'TIMESTAMP WITH TIME ZONE': { type: TIMESTAMPTZ, read: (text) => instantOf(text, DuckDBTimestampTZValue) },
};

const MOST_HUGEINT = 2n ** 127n;

/** A number of SQL that has no fraction, such as that of `numeric(39,0)`. */
function integerOf(text: string): DuckDBValue {
  if (!/^-?\d+$/.test(text)) return decimalOf(text);
  const value = BigInt(text);
  return value >= -MOST_HUGEINT && value < MOST_HUGEINT ? value : text;
}

/** With as many digits as it has, however wide the column is; zeros beyond the scale of the column are none. */
function decimalOf(text: string, scale = Number.POSITIVE_INFINITY): DuckDBValue {
  const [, sign = '', whole = '', written = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === '') return text;
  const fraction = /[1-9]/.test(written.slice(scale)) ? written : written.slice(0, scale);
  return new DuckDBDecimalValue(
    BigInt(`${sign}${whole}${fraction}`),
    Math.max(38, whole.length + fraction.length),
    fraction.length,
  );
}

const DAY = 86_400_000;
const PARTS =
  /^(\d{4,})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:Z|([+-])(\d\d)(?::?(\d\d))?(?::?(\d\d))?)?)?( BC)?$/;

function dateOf(text: string): DuckDBValue {
  if (text === 'infinity') return DuckDBDateValue.PosInf;
  if (text === '-infinity') return DuckDBDateValue.NegInf;
  const day = dayOf(PARTS.exec(text));
  return day === undefined ? text : new DuckDBDateValue(day);
}

function timeOf(text: string): DuckDBValue {
  const found = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/.exec(text);
  return found === null ? text : new DuckDBTimeValue(microsOf(found.slice(1)));
}

interface Instant<Value> {
  new (micros: bigint): Value;
  readonly PosInf: Value;
  readonly NegInf: Value;
}

function instantOf<Value>(text: string, kind: Instant<Value>): Value | string {
  if (text === 'infinity') return kind.PosInf;
  if (text === '-infinity') return kind.NegInf;
  const found = PARTS.exec(text);
  const day = dayOf(found);
  if (found === null || day === undefined) return text;
  const [sign, ...offset] = found.slice(8, 12);
  const east = microsOf([...offset.map((part) => part ?? '0')]) * (sign === '-' ? -1n : 1n);
  return new kind(BigInt(day) * BigInt(DAY) * 1000n + microsOf(found.slice(4, 8)) - east);
}

/** Days since 1970, also of years before Christ; undefined of what is no date, or one that no `Date` holds. */
function dayOf(found: RegExpExecArray | null): number | undefined {
  const [, year, month, day, , , , , , , , , era] = found ?? [];
  const date = new Date(0);
  date.setUTCFullYear(era === undefined ? Number(year) : 1 - Number(year), Number(month) - 1, Number(day));
  const days = Math.round(date.getTime() / DAY);
  return Number.isNaN(days) ? undefined : days;
}

function microsOf([hours = '0', minutes = '0', seconds = '0', fraction = '']: readonly (string | undefined)[]): bigint {
  const whole = (BigInt(hours) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  return whole * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
}
