import { withoutEnd } from '../text/ends.ts';
import { parseDateOrTimestamp, parseTimestamp } from '../values/timestamp.ts';
import { type CursorValue, isCursorNumber } from './cursor-value.ts';
import { readTime, writeTime } from './time-pattern.ts';

/**
 * How records write times, where that is neither ISO nor a plain number: seconds or milliseconds since 1970, or a pattern of
 * strftime.
 */
export type CursorFormat = 'unix' | 'unix_ms' | (string & {}) | undefined;

export const MICROS_A_SECOND = 1_000_000n;
export const MICROS_A_DAY = 86_400n * MICROS_A_SECOND;

const units: Readonly<Record<string, bigint>> = { unix: MICROS_A_SECOND, unix_ms: 1000n };
/** Around 1970: beyond it no time can be written. */
const MOST_MICROS = 8.64e18;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Microseconds since 1970 UTC; undefined for what is no time. ISO texts are times beside every format. */
export function cursorInstant(value: CursorValue, format: CursorFormat): bigint | undefined {
  const unit = format === undefined ? undefined : units[format];
  if (unit !== undefined) {
    const number = isCursorNumber(value) ? Number(value) : /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
    if (number !== undefined && Math.abs(number) * Number(unit) > MOST_MICROS) return undefined;
    if (number !== undefined) return BigInt(Math.trunc(number)) * unit + fraction(number, unit);
  }
  if (typeof value !== 'string') return undefined;
  const written = format === undefined || unit !== undefined ? undefined : readTime(value, format);
  return (
    written ?? asBigint(parseTimestamp(value)) ?? (isDay(value) ? asBigint(parseDateOrTimestamp(value)) : undefined)
  );
}

/** True for `2024-01-15`: a day, and no time of it. */
export function isDay(value: CursorValue): boolean {
  return typeof value === 'string' && DAY.test(value);
}

/** An instant in the form that `sample` has, what does not fit it cut off: a day, a text with the same offset, or what the format says. */
export function writtenLike(sample: CursorValue, micros: bigint, format: CursorFormat): CursorValue {
  const unit = format === undefined ? undefined : units[format];
  if (unit !== undefined) return Number(floorDivide(micros, unit));
  if (format !== undefined) return writeTime(micros, format);
  if (typeof sample !== 'string') return isoText(micros);
  if (isDay(sample)) return isoDay(micros);
  const form = COMMON.exec(sample)?.groups;
  if (form === undefined) return isoText(micros);
  const { between = 'T', digits = '', zone = '' } = form;
  const local = micros + offsetOf(zone) * MICROS_A_SECOND;
  const pattern = `%Y-%m-%d${between}%H:%M:%S${digits === '' ? '' : '.%f'}`;
  return `${writeTime(local, pattern)}${zone}`;
}

/** `2024-01-15T10:11:12Z`, with the fraction of a second where there is one. */
export function isoText(micros: bigint): string {
  const isWhole = micros % MICROS_A_SECOND === 0n;
  const text = writeTime(micros, isWhole ? '%Y-%m-%dT%H:%M:%S' : '%Y-%m-%dT%H:%M:%S.%f');
  return `${withoutEnd(text, isWhole ? '' : '0')}Z`;
}

export function isoDay(micros: bigint): string {
  return writeTime(micros, '%Y-%m-%d');
}

/** Rounded down, also below zero. */
export function floorDivide(value: bigint, by: bigint): bigint {
  const rest = value % by;
  return (value - (rest < 0n ? rest + by : rest)) / by;
}

// --- internal ---

const COMMON = /^\d{4}-\d\d-\d\d(?<between>[T ])\d\d:\d\d:\d\d(?:\.(?<digits>\d+))?(?<zone>Z|[+-]\d\d:?\d\d)?$/;

function offsetOf(zone: string): bigint {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  const seconds = BigInt(Number(hours) * 3600 + Number(minutes) * 60);
  return sign === '-' ? -seconds : seconds;
}

function fraction(number: number, unit: bigint): bigint {
  return BigInt(Math.round((number - Math.trunc(number)) * Number(unit)));
}

function asBigint(micros: number | bigint | undefined): bigint | undefined {
  return micros === undefined ? undefined : BigInt(micros);
}
