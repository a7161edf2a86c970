import { isAscii } from 'node:buffer';
import type { Json } from '../../json/json-value.ts';
import type { SecretMask } from '../http/secret-mask.ts';
import { rewriteLeaves } from './rewrite-leaves.ts';

export interface JsonBodyOptions {
  /** Keep fractions exact too: a decimal or wei column is hinted. */
  readonly exactNumbers: boolean;
  readonly mask: SecretMask;
}

/**
 * Bytes → value. Most pages take `JSON.parse`; the exact parser (4 × slower) only those with a number that a double cannot
 * hold: its integers beyond 2^53 become bigint, with `exactNumbers` its long fractions become ExactNumber. Secrets are
 * masked, lone surrogates become U+FFFD, a byte order mark is skipped. Throws SyntaxError.
 */
export async function parseJsonBody(bytes: Buffer, { exactNumbers, mask }: JsonBodyOptions): Promise<Json> {
  const text = decodeUtf8(bytes);
  const value: Json = hasLongNumber(bytes, exactNumbers)
    ? (await import('../../json/exact-json.ts')).parseExactJson(text, exactNumbers)
    : JSON.parse(text);
  const wellFormed = hasLoneSurrogate(bytes, text) ? rewriteLeaves(value, toWellFormed) : value;
  return mask.mayBeIn(bytes, text) ? mask.json(wellFormed) : wellFormed;
}

export function decodeUtf8(bytes: Buffer): string {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const content = hasMark ? bytes.subarray(3) : bytes;
  return content.toString(isAscii(content) ? 'latin1' : 'utf8'); // plain text decodes in a third of the time that way
}

/**
 * True if the text may hold an integer beyond ±(2^53 - 1) or, with `fractions`, a number of more than 15 digits. Sees only
 * the bytes, 16 at a time, so digits within a string can give a false alarm; a number is never missed.
 *
 * @internal
 */
export function hasLongNumber(bytes: Buffer, fractions: boolean): boolean {
  const isPart = fractions ? isDigitOrDot : isDigit;
  for (let i = LONG - 1; i < bytes.length; ) {
    if (!isPart(bytes[i])) {
      i += LONG;
      continue;
    }
    let start = i;
    while (isPart(bytes[start - 1])) start -= 1;
    let end = i + 1;
    while (isPart(bytes[end])) end += 1;
    if (end - start >= LONG && isTooLong(bytes, start, end, fractions)) return true;
    i = end + LONG - 1;
  }
  return false;
}

// --- internal ---

/** 2^53 has 16 digits. */
const LONG = 16;
const largestSafe = Buffer.from(String(Number.MAX_SAFE_INTEGER));
const [dot, quote, zero, nine] = [0x2e, 0x22, 0x30, 0x39];

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= nine;
}

function isDigitOrDot(byte: number | undefined): boolean {
  return byte === dot || isDigit(byte);
}

/** A run right after a quote is text, one after a dot a fraction; 16 digits may still be a safe integer (microseconds). */
function isTooLong(bytes: Buffer, start: number, end: number, fractions: boolean): boolean {
  const before = bytes[start - 1];
  if (before === quote || before === dot) return false;
  if (fractions || end - start > LONG) return true;
  return bytes.compare(largestSafe, 0, LONG, start, end) > 0;
}

const loneEscape = /\\u[dD][89abAB][\da-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][\da-fA-F]{2})\\u[dD][c-fC-F]/;

/** UTF-8 itself has no surrogates: one without its partner can only stand in an escape. */
function hasLoneSurrogate(bytes: Buffer, text: string): boolean {
  return (bytes.includes('\\ud') || bytes.includes('\\uD')) && loneEscape.test(text);
}

/** In a regular expression with `u` only a surrogate without its partner is one. */
function toWellFormed<T>(leaf: T): T | string {
  return typeof leaf === 'string' ? leaf.replace(/\p{Surrogate}/gu, '\ufffd') : leaf;
}
