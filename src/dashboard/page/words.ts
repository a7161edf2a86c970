/** `1,234`. */
export function counted(amount: number): string {
  return numbers.format(amount);
}

/** `1 row`, `1,200 rows`. */
export function many(amount: number, noun: string): string {
  return `${counted(amount)} ${amount === 1 ? noun : `${noun}s`}`;
}

/** In the largest unit that fits: `just now`, `4 min`, `26 h`, `3 days`. */
export function lengthOf(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${trimmed(seconds / 3600)} h`;
  return `${trimmed(seconds / 86_400)} days`;
}

/** How long ago. */
export function agoText(seconds: number | null): string {
  if (seconds === null) return 'never';
  return seconds < 60 ? 'just now' : `${lengthOf(seconds)} ago`;
}

/** `0.42 s`, `12 s`, `3 min 20 s`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${trimmed(milliseconds / 1000)} s`;
  const minutes = Math.floor(milliseconds / 60_000);
  const rest = Math.round((milliseconds % 60_000) / 1000);
  return minutes < 60 ? `${minutes} min ${rest} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** As people here write times; the exact one, in UTC, stands behind it. */
export function timeText(iso: string): string {
  return times.format(new Date(iso));
}

// --- internal ---

const numbers = new Intl.NumberFormat('en');
const times = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

function trimmed(value: number): string {
  return value < 10 ? String(Number(value.toFixed(1))) : numbers.format(Math.round(value));
}
