import { parse } from 'lossless-json';
import { withoutEnd, withoutStart } from '../text/ends.ts';
import { ExactNumber } from './exact-number.ts';
import type { Json } from './json-value.ts';

/**
 * Like JSON.parse, but integers that a double cannot hold become bigint, those beyond its range and with `fractions` every
 * other such number an ExactNumber. Where a double suffices the two agree. Throws SyntaxError.
 */
export function parseExactJson(text: string, fractions: boolean): Json {
  return parse(text, null, {
    parseNumber: fractions ? exactNumber : exactInteger,
    onDuplicateKey: ({ newValue }) => newValue,
  });
}

// --- internal ---

const integer = /^-?\d+$/;

/** Integers of more than 308 digits stay text: as bigints they would take longer than in proportion. */
function exactInteger(text: string): number | bigint | ExactNumber {
  const value = Number(text);
  if (Number.isSafeInteger(value) || !integer.test(text)) return value;
  return Number.isFinite(value) ? BigInt(text) : new ExactNumber(text);
}

function exactNumber(text: string): number | bigint | ExactNumber {
  const value = exactInteger(text);
  return typeof value !== 'number' || doubleHolds(text, value) ? value : new ExactNumber(text);
}

/** Up to 15 significant digits survive the way through a double, in its normal range. */
function doubleHolds(text: string, value: number): boolean {
  if (integer.test(text)) return true;
  const mantissa = text.replace(/[eE].*/, '').replace(/[-.]/g, '');
  const digits = withoutEnd(withoutStart(mantissa, '0'), '0');
  if (digits === '') return true;
  return digits.length <= 15 && Number.isFinite(value) && Math.abs(value) >= smallestNormal;
}

const smallestNormal = 2.3e-308;
