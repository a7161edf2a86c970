import { PipelineError } from '../errors.ts';

/** A schedule in the five fields of cron, which most schedulers take. */
export interface Schedule {
  /** `minute hour day month weekday`. */
  readonly cron: string;
  /** The same in systemd's form, a line each: where day and weekday are both limited, either is enough. */
  readonly calendar: readonly string[];
}

/** `0 3 * * *`, or a word such as `@daily`. */
export function parseSchedule(text: string): Schedule {
  const cron = (words[text.trim().toLowerCase()] ?? text).trim().replace(/[\t ]+/g, ' ');
  const parts = cron.split(' ');
  if (parts.length !== fields.length) throw invalid(text, 'it has five fields');
  const [minute, hour, day, month, weekday] = fields.map((field, index) => valuesOf(field, parts[index] ?? '', text));
  if (!minute || !hour || !day || !month || !weekday) throw invalid(text, 'it has five fields');
  const time = `${listed(hour, 2)}:${listed(minute, 2)}:00`;
  const days = [...new Set(weekday.values.map((value) => weekdays[value % 7] ?? ''))].join(',');
  const at = (dayOfMonth: string) => `*-${listed(month, 2)}-${dayOfMonth} ${time}`;
  if (weekday.isAll) return { cron, calendar: [at(listed(day, 2))] };
  const onWeekdays = `${days} ${at('*')}`;
  return { cron, calendar: day.isAll ? [onWeekdays] : [at(listed(day, 2)), onWeekdays] };
}

// --- internal ---

const words: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

interface Field {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  /** Of the first value on. */
  readonly names?: readonly string[];
}

const fields: readonly Field[] = [
  { name: 'minute', first: 0, last: 59 },
  { name: 'hour', first: 0, last: 23 },
  { name: 'day', first: 1, last: 31 },
  { name: 'month', first: 1, last: 12, names: months },
  { name: 'weekday', first: 0, last: 7, names: weekdays.map((day) => day.toLowerCase()) },
];

interface Values {
  readonly isAll: boolean;
  readonly values: readonly number[];
}

function valuesOf(field: Field, text: string, schedule: string): Values {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
    if (match === null) throw invalid(schedule, `\`${part}\` is no ${field.name}`);
    const [, all, from = '', to = from, step] = match;
    const first = all === undefined ? numberOf(field, from) : field.first;
    const end = all === undefined && (step === undefined || to !== from) ? numberOf(field, to) : field.last;
    const by = Number(step ?? 1);
    if (first === undefined || end === undefined || first > end || by === 0) {
      throw invalid(schedule, `\`${part}\` is no ${field.name}`);
    }
    for (let value = first; value <= end; value += by) values.add(value);
  }
  return { isAll: text.startsWith('*') && !text.includes('/'), values: [...values].sort((a, b) => a - b) };
}

function numberOf({ first, last, names = [] }: Field, text: string): number | undefined {
  const named = names.indexOf(text.toLowerCase());
  const value = named >= 0 ? first + named : /^\d{1,2}$/.test(text) ? Number(text) : -1;
  return value >= first && value <= last ? value : undefined;
}

function listed({ isAll, values }: Values, digits: number): string {
  return isAll ? '*' : values.map((value) => String(value).padStart(digits, '0')).join(',');
}

function invalid(schedule: string, reason: string): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `The schedule ${JSON.stringify(schedule)} cannot be read: ${reason}.`,
    hint: 'Write minute, hour, day, month and weekday as cron does: `--schedule "0 3 * * *"` is every night at three.',
    facts: { schedule },
  });
}
