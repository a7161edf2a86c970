import { withoutEnd, withoutStart } from '../text/ends.ts';

/** A number as digits × 10^exponent. */
interface Decimal {
  readonly negative: boolean;
  readonly digits: bigint;
  readonly exponent: number;
}

// As Python's Decimal reads it, which ignores underscores; without infinities.
const DECIMAL_FORM = /^([+-]?)(?=\.?\d)(\d+)?(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
/** No column has more digits; a larger exponent (`1e999999999`) must not be written out. */
const MAX_EXPONENT = 100;
/** Far more than a column holds; work with more would take longer than in proportion. */
const MAX_DIGITS = 200;

/**
 * A number written in decimal, as DECIMAL(precision, scale) holds it: rounded half away from zero as DuckDB does, without
 * exponent. Undefined where the text is no number or the number has too many digits before the point.
 *
 * @example
 * decimalText('1.25e-1', 9, 2) // '0.13'
 */
export function decimalText(text: string, precision: number, scale: number): string | undefined {
  const decimal = parseDecimal(text);
  if (decimal === undefined) return undefined;
  const units = scaled(decimal, decimal.exponent + scale);
  return units === undefined || units >= 10n ** BigInt(precision) ? undefined : plainText(decimal, units, scale);
}

/** The integer that a number written in decimal is, or undefined where it has a fraction or more than a hundred digits. */
export function exactInteger(text: string): bigint | undefined {
  const decimal = parseDecimal(text);
  const integer = decimal && scaled(decimal, decimal.exponent);
  if (decimal === undefined || integer === undefined) return undefined;
  const isExact = decimal.exponent >= 0 || integer * 10n ** BigInt(-decimal.exponent) === decimal.digits;
  return isExact ? (decimal.negative ? -integer : integer) : undefined;
}

function parseDecimal(text: string): Decimal | undefined {
  const parts = DECIMAL_FORM.exec(text.replaceAll('_', ''));
  if (parts === null) return undefined;
  const [, sign, whole = '', fraction = '', exponentText = '0'] = parts;
  const all = withoutStart(whole + fraction, '0');
  const significant = withoutEnd(all, '0');
  if (significant === '') return { negative: false, digits: 0n, exponent: 0 };
  const digits = shortened(significant);
  const exponent = Number(exponentText) - fraction.length + all.length - digits.length;
  // A number so small that its exponent cannot be written out either rounds to zero like this one.
  if (-exponent > digits.length + MAX_EXPONENT) return { negative: false, digits: 1n, exponent: -MAX_EXPONENT };
  return { negative: sign === '-', digits: BigInt(digits), exponent };
}

/** The last digit stands for all that were cut off: there was something, so it is no tie and no integer. */
function shortened(digits: string): string {
  return digits.length <= MAX_DIGITS ? digits : `${digits.slice(0, MAX_DIGITS - 1)}1`;
}

/** digits × 10^exponent as an integer, rounded half up. */
function scaled({ digits }: Decimal, exponent: number): bigint | undefined {
  if (exponent > MAX_EXPONENT) return undefined;
  if (exponent >= 0) return digits * 10n ** BigInt(exponent);
  const divisor = 10n ** BigInt(-exponent);
  return (digits * 2n + divisor) / (divisor * 2n);
}

function plainText({ negative }: Decimal, units: bigint, scale: number): string {
  const digits = units.toString().padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return negative && units !== 0n ? `-${text}` : text;
}
