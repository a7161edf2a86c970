import { DATE_TIME_FORMS, type Fields, matchFields, TIME_FORMS } from './iso-forms.ts';

const MICROS_A_SECOND = 1_000_000;
const SECONDS_A_DAY = 86_400;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** 0001-01-01T00:00:00Z and the second after 9999-12-31T23:59:59Z, in seconds since 1970. */
const FIRST_SECOND = -62_135_596_800;
const END_SECOND = 253_402_300_800;

const ZERO = 48;
const COLON = 58;
const DASH = 45;

/**
 * Microseconds since 1970 UTC of an ISO 8601 date-time as dlt detects it, or undefined: `2024-01-15T10:11:12.5+02:00`, with a
 * blank for the `T`, without seconds or minutes, compact, with week or ordinal dates. Naive is UTC; digits beyond the sixth
 * of a second are cut off; years 1 to 9999. A number where it is exact, else a bigint. A date alone is no date-time.
 *
 * @example
 * parseTimestamp('2024-01-15T10:11:12Z') // 1705313472000000
 */
export function parseTimestamp(text: string): number | bigint | undefined {
  // Runs for every string of a timestamp column and for the first of every other: ordinary text must leave at once.
  if (text.length < 7 || !isDigit(text, 0) || !isDigit(text, 3)) return undefined;
  return parseCommonForm(text) ?? parseRareForm(text);
}

/** Midnight of an ISO date, or the instant of a date-time: as microseconds since 1970 UTC, or undefined. */
export function parseDateOrTimestamp(text: string): number | bigint | undefined {
  if (text.length < 4 || !isDigit(text, 0)) return undefined;
  const fields = matchFields(DATE_TIME_FORMS, text);
  return fields && instant(fields);
}

/** `HH:MM:SS[.ffffff]` of an ISO time alone, at UTC, or undefined. */
export function parseTime(text: string): string | undefined {
  const fields = matchFields(TIME_FORMS, text);
  if (fields === undefined || !isTimeOfDay(fields)) return undefined;
  const seconds = secondOfDay(fields) - fields.offset;
  return formatTime(((seconds % SECONDS_A_DAY) + SECONDS_A_DAY) % SECONDS_A_DAY, fields.micros);
}

/** Microseconds of so many seconds since 1970, half to even as Python rounds; undefined outside the years 1 to 9999. */
export function microsOfSeconds(seconds: number): number | bigint | undefined {
  const whole = Math.trunc(seconds);
  const micros = roundHalfEven((seconds - whole) * MICROS_A_SECOND);
  return microsOf(whole, micros);
}

/** `YYYY-MM-DD` of an instant, at UTC. */
export function formatDate(micros: number | bigint): string {
  return new Date(Number(floorToMillis(BigInt(micros)))).toISOString().slice(0, 10);
}

/** As bigint, because a double of microseconds can round up into the next day. */
function floorToMillis(micros: bigint): bigint {
  const rest = micros % 1000n;
  return (micros - (rest < 0n ? rest + 1000n : rest)) / 1000n;
}

/** `YYYY-MM-DDTHH:MM:SS[.fff]Z` and longer shapes of the same length class, read without a regular expression. */
function parseCommonForm(text: string): number | bigint | undefined {
  const separator = text.charCodeAt(10);
  if (text.length < 19 || text.charCodeAt(4) !== DASH || (separator !== 84 && separator !== 32)) return undefined;
  if (text.charCodeAt(7) !== DASH || text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return undefined;
  const century = twoDigits(text, 0);
  const year = twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  if ((century | year | month | day | hour | minute | second) < 0) return undefined;

  let at = 19;
  let micros = 0;
  if (text.charCodeAt(at) === 46) {
    let unit = 100_000;
    for (at = 20; isDigit(text, at); at += 1) {
      micros += unit >= 1 ? (text.charCodeAt(at) - ZERO) * unit : 0;
      unit /= 10;
    }
    if (at === 20) return undefined;
  }
  let offset = 0;
  const zone = text.charCodeAt(at);
  if (zone === 90) at += 1;
  else if ((zone === 43 || zone === DASH) && text.charCodeAt(at + 3) === COLON) {
    const hours = twoDigits(text, at + 1);
    const minutes = twoDigits(text, at + 4);
    if ((hours | minutes) < 0) return undefined;
    offset = (hours * 60 + minutes) * (zone === 43 ? 60 : -60);
    at += 6;
  }
  if (at !== text.length) return undefined;
  return instant({ year: century * 100 + year, month, day, hour, minute, second, micros, offset });
}

function parseRareForm(text: string): number | bigint | undefined {
  const fields = matchFields(DATE_TIME_FORMS, text);
  return fields?.hasTime ? instant(fields) : undefined;
}

function instant(fields: Omit<Fields, 'hasTime'>): number | bigint | undefined {
  const { year, month, day } = fields;
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (!isTimeOfDay(fields)) return undefined;
  return microsOf(daysSince1970(year, month, day) * SECONDS_A_DAY + secondOfDay(fields) - fields.offset, fields.micros);
}

type TimeFields = Pick<Fields, 'hour' | 'minute' | 'second' | 'offset'>;

function isTimeOfDay({ hour, minute, second, offset }: TimeFields): boolean {
  return hour < 24 && minute < 60 && second < 60 && Math.abs(offset) < SECONDS_A_DAY;
}

function secondOfDay({ hour, minute, second }: TimeFields): number {
  return hour * 3600 + minute * 60 + second;
}

function microsOf(seconds: number, micros: number): number | bigint | undefined {
  if (!(seconds >= FIRST_SECOND && seconds < END_SECOND)) return undefined;
  const total = seconds * MICROS_A_SECOND + micros;
  return Number.isSafeInteger(total) ? total : BigInt(seconds) * 1_000_000n + BigInt(micros);
}

function formatTime(seconds: number, micros: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return micros === 0 ? clock : `${clock}.${String(micros).padStart(6, '0')}`;
}

/** Howard Hinnant's days_from_civil: the year begins in March. https://howardhinnant.github.io/date_algorithms.html */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function daysInMonth(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeap ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at) - ZERO;
  return code >= 0 && code <= 9;
}

/** The number at two digits, or -1. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
