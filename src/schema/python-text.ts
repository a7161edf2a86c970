import { ExactNumber } from './exact-number.ts';
import { jsonText, wellFormed } from './json-text.ts';

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

const FLOAT_FORM = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/;
const INTEGER_FORM = /^[+-]?\d+(?:_\d+)*$/;
const HEX_FORM = /^0x[\da-fA-F]+(?:_[\da-fA-F]+)*$/;

/** Python's `float(text)` and dlt's hexadecimal form, of text without outer blanks; infinities are refused. */
export function parseFloatText(text: string): number | undefined {
  if (HEX_FORM.test(text)) return Number(text.replaceAll('_', ''));
  if (!FLOAT_FORM.test(text)) return undefined;
  const value = Number(text.replaceAll('_', ''));
  return Number.isFinite(value) ? value : undefined;
}

/** Python's `int(text)` and dlt's hexadecimal form, of text without outer blanks. */
export function parseIntegerText(text: string): bigint | undefined {
  if (INTEGER_FORM.test(text)) return BigInt(text.replace(/^\+|_/g, ''));
  return parseHexText(text);
}

export function parseHexText(text: string): bigint | undefined {
  return HEX_FORM.test(text) ? BigInt(text.replaceAll('_', '')) : undefined;
}
