import { isAscii } from 'node:buffer';
import type { Secret } from '../../config/secret.ts';
import type { Findings } from '../../findings.ts';
import type { Json } from '../../json/json-value.ts';
import { plainText } from '../../text/plain-text.ts';
import { rewriteLeaves } from '../reply/rewrite-leaves.ts';
import { folded, KnownSecrets, type Needle } from './known-secrets.ts';
import { unescaped } from './unescaped.ts';

export const MASK = '***';

/**
 * Hides secrets by their value wherever a reply or a message repeats them, escaped or not (see `unescaped`). Records are
 * searched only where the bytes of their page give cause to.
 */
export class SecretMask {
  readonly #known: KnownSecrets;
  readonly #findings: Pick<Findings, 'count'>;
  /** What was searched and held none of these: whoever keeps a reply asks, and whoever reads it. */
  readonly #clear = new WeakMap<Buffer, readonly Buffer[]>();

  constructor(secrets: readonly Secret[], findings: Pick<Findings, 'count'>) {
    this.#known = KnownSecrets.of(secrets);
    this.#findings = findings;
  }

  /** Hides this value too. */
  add(value: string): void {
    this.#known.add(value);
  }

  /** Text for a trace or a position: what looks like a secret in any case is hidden. */
  text(text: string): string {
    return hidden(text, this.#spans(text, inAnyCase));
  }

  /** A whole reply as text: short secrets are hidden only as they are written. */
  content(text: string): string {
    return hidden(text, this.#spans(text, ifLong));
  }

  /** The first `length` characters of a text, in which everything is hidden before anything is cut. */
  start(text: string, length: number): string {
    const margin = this.#known.longest * LONGEST_ESCAPE;
    const masked = this.text(text.slice(0, length + margin));
    const whole = text.length > length + margin ? masked.slice(0, Math.max(0, masked.length - margin)) : masked;
    return whole.slice(0, length);
  }

  /**
   * What a message shows of a text from outside, from about `start` on: one harmless line of at most `length` characters.
   * Everything is hidden before anything is cut: half a secret would not be recognized.
   */
  quote(text: string, length = 200, start = 0): string {
    const margin = this.#known.longest * LONGEST_ESCAPE;
    const from = Math.max(0, start - margin);
    const near = text.slice(from, start + QUOTABLE + margin);
    const across = this.#spans(near, inAnyCase).find(([first, end]) => first < start - from && start - from < end);
    const masked = this.text(near.slice(across?.[0] ?? start - from));
    const isCut = from + near.length < text.length;
    const line = this.text(plainText(isCut ? masked.slice(0, masked.length - margin) : masked).replace(/\s+/g, ' '));
    return line.length > length ? `${line.slice(0, length).trimEnd()}…` : line;
  }

  /** False if no secret can be in these bytes, which read `text`; true if one may be. */
  mayBeIn(bytes: Buffer, text: string | (() => string)): boolean {
    const { pieces } = this.#known;
    if (pieces.length === 0 || this.#clear.get(bytes) === pieces) return false;
    const mayBe = this.#searched(bytes, pieces, typeof text === 'string' ? () => text : text);
    if (!mayBe) this.#clear.set(bytes, pieces);
    return mayBe;
  }

  /** The value without secrets, counted. Changes it in place. */
  json(value: Json): Json {
    let count = 0;
    const hide = (text: string) => {
      const spans = this.#spans(text, ifLong);
      if (spans.length > 0) count += 1;
      return hidden(text, spans);
    };
    const cleaned = rewriteLeaves(value, (leaf) => {
      if (typeof leaf === 'string') return hide(leaf);
      return this.#known.needles.some(({ text }) => text === String(leaf)) ? hide(String(leaf)) : leaf;
    });
    if (count > 0) this.#findings.count('secrets masked in replies', count);
    return cleaned;
  }

  #searched(bytes: Buffer, pieces: readonly Buffer[], text: () => string): boolean {
    if (pieces.some((piece) => piece.length === 0 || bytes.includes(piece))) return true;
    return escapesLetters(bytes, text) && this.#spans(text(), ifLong).length > 0;
  }

  /** Where secrets stand in a text, as it is or where its escapes are undone. */
  #spans(text: string, folds: (needle: Needle) => boolean): readonly Span[] {
    const { needles } = this.#known;
    if (needles.length === 0) return [];
    const spans: Span[] = [];
    const plain = unescaped(text);
    const inLowerCase = { text: folded(text), plain: folded(plain.text) };
    for (const needle of needles) {
      const [place, wanted] = folds(needle) ? [inLowerCase, needle.folded] : [{ text, plain: plain.text }, needle];
      for (const at of placesOf(wanted.text, place.text)) spans.push([at, at + wanted.text.length]);
      if (plain.text === text && wanted.plain === wanted.text) continue;
      for (const at of placesOf(wanted.plain, place.plain)) spans.push(plain.span(at, at + wanted.plain.length));
    }
    return spans;
  }
}

// --- internal ---

/** How much of a text is looked at for a message. */
const QUOTABLE = 20_000;
/** Characters that may stand for one: JSON within JSON within JSON. */
const LONGEST_ESCAPE = 12;

const inAnyCase = () => true;
const ifLong = ({ isLong }: Needle) => isLong;

type Span = readonly [first: number, end: number];

function placesOf(part: string, text: string): readonly number[] {
  let at = text.indexOf(part);
  if (at < 0) return NOWHERE;
  const places: number[] = [];
  for (; at >= 0; at = text.indexOf(part, at + part.length)) places.push(at);
  return places;
}

const NOWHERE: readonly number[] = [];

/** The text with `***` for each of these parts, for parts that overlap together. */
function hidden(text: string, spans: readonly Span[]): string {
  let result = '';
  let end = 0;
  for (const [first, last] of spans.toSorted(([a], [b]) => a - b)) {
    if (first >= end) result += `${text.slice(end, first)}${MASK}`;
    end = Math.max(end, last);
  }
  return result + text.slice(end);
}

const letter = String.raw`(?:[01][\da-f]|2[de]|3\d|[46][1-9a-f]|[57][\da]|5f)`;
const inJson = new RegExp(String.raw`\\(?:u00|x|u\{)${letter}`, 'i');
const inUrls = new RegExp(`%(?:25)*${letter}`, 'i');
const inHtml = /&#/;
const withinWord = /\p{Cf}[\w.-]/u;
/** Soft hyphen, spaces and joiners without width, marks of direction. */
const invisible = [
  ...'\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff',
];

/**
 * True if the text writes letters, digits or control characters as escapes, or has invisible characters within words. Nobody
 * needs to, so it may be to hide something. Searching bytes first is ten times as fast.
 */
function escapesLetters(bytes: Buffer, text: () => string): boolean {
  const holds = (...starts: readonly string[]) => starts.some((start) => bytes.includes(start));
  return (
    (holds('\\u00', '\\x', '\\u{') && inJson.test(text())) ||
    (holds('%') && inUrls.test(text())) ||
    (holds('&#') && inHtml.test(text())) ||
    (!isAscii(bytes) && holds(...invisible) && withinWord.test(text()))
  );
}
