import { ExactNumber } from '../json/exact-number.ts';
import { jsonText, wellFormed } from '../json/json-text.ts';
import { withoutStart } from '../text/ends.ts';

/**
 * A value in a text column, as Python's `str` writes it for dlt: `True`, `1e+22`, compact JSON for objects and lists. A
 * double that is an integer prints without `.0`, because JSON.parse cannot tell; exact numbers keep their text.
 */
export function pythonText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return wellFormed(value);
    case 'number':
      return pythonFloat(value);
    case 'boolean':
      return value ? 'True' : 'False';
    case 'bigint':
      return value.toString();
    default:
      return value instanceof ExactNumber ? value.text : jsonText(value);
  }
}

/** Python's `repr` of a float, but integers up to 2^53 print as such: the exponent form begins at 1e16 and below 1e-4. */
function pythonFloat(value: number): string {
  if (Number.isSafeInteger(value) || !Number.isFinite(value)) return String(value);
  const [digits = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 16) return String(value);
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

// Python takes an underscore between two digits. Loops over groups, such as (?:_\d+)*, overflow the stack with long texts.
const DIGITS = '\\d[\\d_]*(?<!_)';
const FLOAT_FORM = new RegExp(`^[+-]?(?:${DIGITS}(?:\\.(?:${DIGITS})?)?|\\.${DIGITS})(?:[eE][+-]?${DIGITS})?$`);
const INTEGER_FORM = new RegExp(`^[+-]?${DIGITS}$`);
const HEX_FORM = /^0x[\da-fA-F][\da-fA-F_]*(?<!_)$/;

function has(form: RegExp, text: string): boolean {
  return form.test(text) && !text.includes('__');
}

/** Python's `float(text)` and dlt's hexadecimal form, of text without outer blanks; infinities are refused. */
export function parseFloatText(text: string): number | undefined {
  if (has(HEX_FORM, text)) return Number(text.replaceAll('_', ''));
  if (!has(FLOAT_FORM, text)) return undefined;
  const value = Number(text.replaceAll('_', ''));
  return Number.isFinite(value) ? value : undefined;
}

/** No column holds an integer of more: 38 digits are the widest decimal, 128 bits the widest integer. */
const MAX_DIGITS = 40;

/** Python's `int(text)` and dlt's hexadecimal form, of text without outer blanks; undefined beyond what a column holds. */
export function parseIntegerText(text: string): bigint | undefined {
  if (!has(INTEGER_FORM, text)) return parseHexText(text);
  const integer = integerOfDigits(text.replace(/^[+-]|_/g, ''), '');
  return integer !== undefined && text.startsWith('-') ? -integer : integer;
}

export function parseHexText(text: string): bigint | undefined {
  return has(HEX_FORM, text) ? integerOfDigits(text.slice(2).replaceAll('_', ''), '0x') : undefined;
}

function integerOfDigits(digits: string, prefix: '' | '0x'): bigint | undefined {
  const significant = withoutStart(digits, '0');
  return significant.length > MAX_DIGITS ? undefined : BigInt(`${prefix}${significant || '0'}`);
}
