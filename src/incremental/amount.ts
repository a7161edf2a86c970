import { MICROS_A_DAY, MICROS_A_SECOND } from './cursor-time.ts';

/** A length on the axis of the cursor: `2h`, or a number, which is days for a day, seconds for a time, else a number (dlt). */
export type Amount = number | string;

const FORM = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)$/;
const micros: Readonly<Record<string, number>> = { ms: 1e3, s: 1e6, m: 6e7, h: 3.6e9, d: 8.64e10, w: 6.048e11 };

/** True for `30s`, `2h`, `1.5d`. */
export function isDurationText(text: string): boolean {
  return FORM.test(text.trim());
}

/** Microseconds. `unit` is what a bare number counts. */
export function amountMicros(amount: Amount, unit: 'days' | 'seconds'): bigint {
  if (typeof amount === 'number') {
    const size = unit === 'days' ? MICROS_A_DAY : MICROS_A_SECOND;
    return BigInt(Math.round(amount * Number(size)));
  }
  const [, number = '0', name = 's'] = FORM.exec(amount.trim()) ?? [];
  return BigInt(Math.round(Number(number) * (micros[name] ?? 0)));
}
