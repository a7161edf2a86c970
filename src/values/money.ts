import { withoutEnd } from '../text/ends.ts';
import { decimalText } from './decimal.ts';

/** An exact amount in units of 10⁻¹²: sums of many small prices are what they are. */
export type Money = bigint;

/** Of DECIMAL(38, 12). */
const SCALE = 12;
const PRECISION = 38;

/** The amount that a number written in decimal is, rounded to 10⁻¹²; undefined for a text that is none. */
export function moneyOf(text: string | number): Money | undefined {
  const decimal = decimalText(String(text).trim(), PRECISION, SCALE);
  return decimal === undefined ? undefined : BigInt(decimal.replace('.', ''));
}

/** `0.0042`, `5`, `-1.5`: all its digits and no more. */
export function moneyText(money: Money): string {
  const digits = (money < 0n ? -money : money).toString().padStart(SCALE + 1, '0');
  const fraction = withoutEnd(digits.slice(-SCALE), '0');
  const whole = `${money < 0n ? '-' : ''}${digits.slice(0, -SCALE)}`;
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
