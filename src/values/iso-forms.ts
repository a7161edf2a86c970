/** The parts of a date-time as they were written; a missing part has its least value. */
export interface Fields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Cut off after six digits. */
  readonly micros: number;
  /** Seconds east of UTC; 0 for a naive one. */
  readonly offset: number;
  readonly hasTime: boolean;
}

// What pendulum's ISO parser accepts (https://github.com/python-pendulum/pendulum, rust/src/parsing.rs), which dlt uses:
// a date with dashes goes with a time with colons, one without with one without; both with HH and (oddly) the latter with HH:MM.
const ZONE = '(?:Z|(?<sign>[+-])(?<zoneHour>\\d\\d):?(?<zoneMinute>\\d\\d)?)?';
const FRACTION = '(?:[.,](?<fraction>\\d+))?';
const TIME = `(?<hour>\\d\\d)(?::(?<minute>\\d\\d)(?::(?<second>\\d\\d)${FRACTION})?)?${ZONE}`;
const COMPACT_TIME = `(?<hour>\\d\\d)(?<minute>\\d\\d)?(?:(?<=\\d{4})(?<second>\\d\\d)${FRACTION})?${ZONE}`;
const DATE =
  '(?<year>\\d{4})-(?:(?<month>\\d\\d)(?:-(?<day>\\d\\d))?|(?<ordinal>\\d{3})|W(?<week>\\d\\d)(?:-(?<weekday>\\d))?)';
const COMPACT_DATE =
  '(?<year>\\d{4})(?:(?<month>\\d\\d)(?<day>\\d\\d)|(?<ordinal>\\d{3})|W(?<week>\\d\\d)(?<weekday>\\d)?)';
const HOUR_MINUTE = `(?<hour>\\d\\d):(?<minute>\\d\\d)${ZONE}`;
// Its fall-back for everyday forms: slashes, single digits, a year alone.
const EVERYDAY_DATE = '(?<year>\\d{4})(?:[/:]?(?<month>\\d\\d)[/:]?(?<day>\\d\\d))?';
const EVERYDAY_TIME = ' ?(?<hour>\\d{1,2}):(?<minute>\\d{1,2})(?::(?<second>\\d{1,2}))?(?:[.|,](?<fraction>\\d{1,9}))?';

/** Dates and date-times. */
export const DATE_TIME_FORMS: readonly RegExp[] = [
  new RegExp(`^${DATE}(?:[T ]${TIME})?$`),
  new RegExp(`^${COMPACT_DATE}(?:[T ]${COMPACT_TIME})?$`),
  new RegExp(`^${COMPACT_DATE}[T ]${HOUR_MINUTE}$`),
  new RegExp(`^${EVERYDAY_DATE}(?:${EVERYDAY_TIME})?$`),
];

/** Times alone. */
export const TIME_FORMS: readonly RegExp[] = [
  new RegExp(`^(?!\\d\\d$|\\d\\d[Z+-])${TIME}$`),
  new RegExp(`^T${COMPACT_TIME}$`),
  new RegExp(`^T${HOUR_MINUTE}$`),
  new RegExp(`^${EVERYDAY_TIME}$`),
];

/** The parts by the first form that fits; their ranges are not checked, but those of week and ordinal dates are. */
export function matchFields(forms: readonly RegExp[], text: string): Fields | undefined {
  for (const form of forms) {
    const groups = form.exec(text)?.groups;
    if (groups !== undefined) return fieldsOf(groups);
  }
  return undefined;
}

function fieldsOf(groups: Record<string, string | undefined>): Fields | undefined {
  const number = (name: string, missing: number) => Number(groups[name] ?? missing);
  const day = dayOf(groups, number('year', 1));
  if (day === undefined) return undefined;
  const zone = (number('zoneHour', 0) * 60 + number('zoneMinute', 0)) * 60;
  return {
    ...day,
    hour: number('hour', 0),
    minute: number('minute', 0),
    second: number('second', 0),
    micros: Number((groups.fraction ?? '').slice(0, 6).padEnd(6, '0')),
    offset: groups.sign === '-' ? -zone : zone,
    hasTime: groups.hour !== undefined,
  };
}

function dayOf(
  groups: Record<string, string | undefined>,
  year: number,
): Pick<Fields, 'year' | 'month' | 'day'> | undefined {
  const { month = '1', day = '1', ordinal, week, weekday = '1' } = groups;
  if (ordinal !== undefined) return dayOfYear(year, Number(ordinal));
  if (week !== undefined) return dayOfWeek(year, Number(week), Number(weekday));
  return { year, month: Number(month), day: Number(day) };
}

function dayOfYear(year: number, ordinal: number): Pick<Fields, 'year' | 'month' | 'day'> | undefined {
  const date = utcDate(year, ordinal);
  return ordinal > 0 && date.getUTCFullYear() === year ? partsOf(date) : undefined;
}

/** Week 1 is the one with January 4th; weeks begin on Monday (ISO 8601). */
function dayOfWeek(year: number, week: number, weekday: number): Pick<Fields, 'year' | 'month' | 'day'> | undefined {
  if (weekday > 7 || week > weeksInYear(year)) return undefined;
  return partsOf(utcDate(year, week * 7 + weekday - (isoWeekday(utcDate(year, 4)) + 3)));
}

function weeksInYear(year: number): number {
  return isoWeekday(utcDate(year, 1)) === 4 || isoWeekday(utcDate(year + 1, 0)) === 4 ? 53 : 52;
}

function isoWeekday(date: Date): number {
  return date.getUTCDay() || 7;
}

/** The n-th day of a year; 0 is the last of the year before. `Date.UTC` alone reads years below 100 as 19xx. */
function utcDate(year: number, dayOfTheYear: number): Date {
  const date = new Date(Date.UTC(2000, 0, 1));
  date.setUTCFullYear(year, 0, dayOfTheYear);
  return date;
}

function partsOf(date: Date): Pick<Fields, 'year' | 'month' | 'day'> {
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}
