import { amountMicros } from './amount.ts';
import { type CursorFormat, isoDay, isoText, MICROS_A_DAY, MICROS_A_SECOND, writtenLike } from './cursor-time.ts';
import type { CursorValue } from './cursor-value.ts';

const RELATIVE = /^(now|today)(?:\s*([+-])\s*(\d{1,6})\s*([smhdw]))?$/;

/** True for `now`, `now - 30d`, `today - 1w`. */
export function isRelative(value: unknown): value is string {
  return typeof value === 'string' && RELATIVE.test(value.trim());
}

/** Looks like a relative time and is none: `now-30days`, `today - 2 months`. */
export function isAlmostRelative(value: unknown): boolean {
  return typeof value === 'string' && /^(now|today)\b/i.test(value.trim()) && !isRelative(value);
}

/** A value as it is written, or what `now - 30d` is at `now`, milliseconds since 1970, in UTC and the form of the cursor. */
export function settledValue(value: CursorValue, now: number, format: CursorFormat): CursorValue {
  if (!isRelative(value)) return value;
  const [, base, sign, amount = '0', unit = 'd'] = RELATIVE.exec(value.trim()) ?? [];
  const second = BigInt(Math.floor(now / 1000)) * MICROS_A_SECOND;
  const from = base === 'now' ? second : second - (second % MICROS_A_DAY);
  const shift = amountMicros(`${amount}${unit}`, 'seconds');
  const micros = sign === '-' ? from - shift : from + shift;
  if (format !== undefined) return writtenLike('', micros, format);
  return base === 'today' && micros % MICROS_A_DAY === 0n ? isoDay(micros) : isoText(micros);
}
