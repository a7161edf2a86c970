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
  const digits = BigInt(whole + fraction);
  const exponent = Number(exponentText) - fraction.length;
  // A number so small that its exponent cannot be written out either rounds to zero like this one.
  if (-exponent > whole.length + fraction.length + MAX_EXPONENT) {
    return { negative: false, digits: digits === 0n ? 0n : 1n, exponent: -MAX_EXPONENT };
  }
  return { negative: sign === '-', digits, exponent: digits === 0n ? 0 : exponent };
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
