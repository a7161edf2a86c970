/** The parts of a time that a pattern knows. */
interface Fields {
  year: number;
  month: number;
  day: number;
  dayOfYear: number | undefined;
  hour: number;
  isAfternoon: boolean | undefined;
  minute: number;
  second: number;
  micros: number;
  /** Seconds east of UTC. */
  offset: number;
  /** Seconds since 1970, instead of all of these. */
  epoch: number | undefined;
}

/** A directive of C's strftime, as Python and DuckDB have it: how it is written, in UTC, and how it is read. */
interface Directive {
  readonly write: (time: Date, micros: number) => string;
  readonly form: string;
  readonly read: (text: string, fields: Fields) => void;
}

const months = ['January', 'February', 'March', 'April', 'May', 'June'].concat([
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]);
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const short = (names: readonly string[]) => names.map((name) => name.slice(0, 3));
const padded = (value: number, length = 2) => String(value).padStart(length, '0');
const place = (names: readonly string[], text: string) =>
  names.findIndex((name) => name.toLowerCase() === text.toLowerCase());

/** Around 1970, as `Date` has them. */
const MOST_SECONDS = 8.64e12;
const two = '\\d{1,2}';

function number(form: string, name: NumberField, write: Directive['write']): Directive {
  return {
    form,
    write,
    read: (text, fields) => {
      fields[name] = Number(text);
    },
  };
}

type NumberField = 'year' | 'month' | 'day' | 'dayOfYear' | 'hour' | 'minute' | 'second' | 'epoch';

function monthNames(names: readonly string[]): Directive {
  return {
    form: names.join('|'),
    write: (time) => names[time.getUTCMonth()] ?? '',
    read: (text, fields) => {
      fields.month = place(names, text) + 1;
    },
  };
}

function dayNames(names: readonly string[]): Directive {
  return { form: names.join('|'), write: (time) => names[time.getUTCDay()] ?? '', read: () => undefined };
}

const directives: Readonly<Record<string, Directive>> = {
  '%Y': number('\\d{4}', 'year', (time) => padded(time.getUTCFullYear(), 4)),
  '%y': {
    form: '\\d{2}',
    write: (time) => padded(time.getUTCFullYear() % 100),
    read: (text, fields) => {
      fields.year = Number(text) + (Number(text) < 69 ? 2000 : 1900); // as POSIX and Python
    },
  },
  '%m': number(two, 'month', (time) => padded(time.getUTCMonth() + 1)),
  '%d': number(two, 'day', (time) => padded(time.getUTCDate())),
  '%j': number('\\d{1,3}', 'dayOfYear', (time) => padded(dayOfYear(time), 3)),
  '%B': monthNames(months),
  '%b': monthNames(short(months)),
  '%A': dayNames(days),
  '%a': dayNames(short(days)),
  '%H': number(two, 'hour', (time) => padded(time.getUTCHours())),
  '%I': number(two, 'hour', (time) => padded(time.getUTCHours() % 12 || 12)),
  '%p': {
    form: 'AM|PM',
    write: (time) => (time.getUTCHours() < 12 ? 'AM' : 'PM'),
    read: (text, fields) => {
      fields.isAfternoon = text.toUpperCase() === 'PM';
    },
  },
  '%M': number(two, 'minute', (time) => padded(time.getUTCMinutes())),
  '%S': number(two, 'second', (time) => padded(time.getUTCSeconds())),
  '%f': {
    form: '\\d{1,9}',
    write: (_, micros) => padded(micros, 6),
    read: (text, fields) => {
      fields.micros = Number(text.slice(0, 6).padEnd(6, '0'));
    },
  },
  '%z': zone('+0000'),
  '%:z': zone('+00:00'),
  '%Z': { form: 'UTC|GMT|Z', write: () => 'UTC', read: () => undefined },
  '%s': number('-?\\d{1,13}', 'epoch', (time) => String(Math.floor(time.getTime() / 1000))),
  '%%': { form: '%', write: () => '%', read: () => undefined },
};

function zone(written: string): Directive {
  return {
    form: 'Z|[+-]\\d{2}:?\\d{2}',
    write: () => written,
    read: (text, fields) => {
      const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)$/.exec(text) ?? [];
      fields.offset = (Number(hours) * 3600 + Number(minutes) * 60) * (sign === '-' ? -1 : 1);
    },
  };
}

const TOKENS = /%:?[A-Za-z%]|[^%]+|%/g;

/** The first directive of a pattern that is none; undefined if all are, and there is one. */
export function patternProblem(pattern: string): string | undefined {
  const tokens = (pattern.match(TOKENS) ?? []).filter((token) => token.startsWith('%'));
  const unknown = tokens.find((token) => !Object.hasOwn(directives, token));
  const known = Object.keys(directives).join(' ');
  if (unknown !== undefined) return `\`${unknown}\` is no part of a time, expected some of ${known}`;
  return tokens.length === 0 ? `expected parts of a time, such as \`%Y-%m-%d\`: ${known}` : undefined;
}

/** An instant, microseconds since 1970, as the pattern has it, in UTC. */
export function writeTime(micros: bigint, pattern: string): string {
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const time = new Date(Number((micros - rest) / 1000n));
  return (pattern.match(TOKENS) ?? []).map((token) => directives[token]?.write(time, Number(rest)) ?? token).join('');
}

/** Microseconds since 1970 of a text that the pattern wrote; undefined for one that it did not. Without a zone it is UTC. */
export function readTime(text: string, pattern: string): bigint | undefined {
  const { form, readers } = compiled(pattern);
  const match = form.exec(text);
  if (match === null) return undefined;
  const fields: Fields = { ...nothingRead };
  for (const [index, reader] of readers.entries()) reader.read(match[index + 1] ?? '', fields);
  return instantOf(fields);
}

// --- internal ---

const nothingRead: Fields = {
  ...{ year: 1970, month: 1, day: 1, dayOfYear: undefined, hour: 0, isAfternoon: undefined },
  ...{ minute: 0, second: 0, micros: 0, offset: 0, epoch: undefined },
};

interface Compiled {
  readonly form: RegExp;
  readonly readers: readonly Directive[];
}

const known = new Map<string, Compiled>();

function compiled(pattern: string): Compiled {
  const before = known.get(pattern);
  if (before !== undefined) return before;
  const readers: Directive[] = [];
  const forms = (pattern.match(TOKENS) ?? []).map((token) => {
    const directive = directives[token];
    if (directive === undefined) return token.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    readers.push(directive);
    return `(${directive.form})`;
  });
  const made = { form: new RegExp(`^${forms.join('')}$`, 'i'), readers };
  known.set(pattern, made);
  return made;
}

function instantOf(fields: Fields): bigint | undefined {
  const { epoch, year, month, day, dayOfYear: ordinal, minute, second, micros, offset } = fields;
  if (epoch !== undefined && Math.abs(epoch) > MOST_SECONDS) return undefined;
  if (epoch !== undefined) return BigInt(epoch) * 1_000_000n + BigInt(micros);
  const hour = fields.isAfternoon === undefined ? fields.hour : (fields.hour % 12) + (fields.isAfternoon ? 12 : 0);
  const date = new Date(0);
  if (ordinal === undefined) date.setUTCFullYear(year, month - 1, day);
  else date.setUTCFullYear(year, 0, ordinal);
  const isThere = ordinal !== undefined || (date.getUTCMonth() === month - 1 && date.getUTCDate() === day);
  if (!isThere || hour > 23 || minute > 59 || second > 59) return undefined;
  const seconds = date.getTime() / 1000 + hour * 3600 + minute * 60 + second - offset;
  return BigInt(seconds) * 1_000_000n + BigInt(micros);
}

function dayOfYear(time: Date): number {
  return Math.floor((time.getTime() - Date.UTC(time.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
}
