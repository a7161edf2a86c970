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

/** `1.2 MB`. */
export function bytesText(bytes: number): string {
  const unit = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return `${trimmed(bytes / 1000 ** unit)} ${units[unit]}`;
}

/** As people here write times; the exact one, in UTC, stands behind it. */
export function timeText(iso: string): string {
  return times.format(new Date(iso));
}

/** Of money, as many decimals as tell something. */
export function amountText(amount: string | number): string {
  const value = Number(amount);
  const decimals = Math.abs(value) >= 1 || value === 0 ? 2 : 4;
  return new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: decimals }).format(value);
}

// --- internal ---

const units = ['B', 'kB', 'MB', 'GB', 'TB'];
const numbers = new Intl.NumberFormat('en');
const times = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

function trimmed(value: number): string {
  return value < 10 ? String(Number(value.toFixed(1))) : numbers.format(Math.round(value));
}
