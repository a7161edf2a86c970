import { withoutEnd, withoutStart } from '../text/ends.ts';
import { ExactNumber } from './exact-number.ts';
import type { Json } from './json-value.ts';

/**
 * Like JSON.parse, but integers that a double cannot hold become bigint, those beyond its range and with `fractions` every
 * other such number an ExactNumber. Where a double suffices the two agree. However deep and however long. Throws SyntaxError.
 */
export function parseExactJson(text: string, fractions: boolean): Json {
  JSON.parse(text); // whatever is no JSON ends here: below, every sign stands where it may
  return built(text, fractions ? exactNumber : exactInteger);
}

// --- internal ---

type Container = Json[] | { [key: string]: Json };

function built(text: string, toNumber: (digits: string) => Json): Json {
  const value = new OpenValue();
  for (let at = 0; at < text.length; ) {
    const sign = text.charAt(at);
    let end = at + 1;
    if (sign === '{') value.open({});
    else if (sign === '[') value.open([]);
    else if (sign === '}' || sign === ']') value.close();
    else if (sign === '"') {
      end = behindText(text, at);
      value.addText(JSON.parse(text.slice(at, end))); // makes a copy: a slice would keep the whole page
    } else if (!SEPARATORS.includes(sign)) {
      const found = wordAt(text, at);
      end = at + found.length;
      value.add(words.has(found) ? JSON.parse(found) : toNumber(found));
    }
    at = end;
  }
  return value.whole;
}

/** What was read so far. No recursion: the depth of a reply is the source's choice. */
class OpenValue {
  readonly #top: Json[] = [];
  readonly #outer: Container[] = [];
  #current: Container = this.#top;
  #key: string | undefined;

  get whole(): Json {
    return this.#top[0];
  }

  open(container: Container): void {
    this.add(container);
    this.#outer.push(this.#current);
    this.#current = container;
  }

  close(): void {
    this.#current = this.#outer.pop() ?? this.#top;
  }

  addText(text: string): void {
    if (this.#key === undefined && !Array.isArray(this.#current)) this.#key = text;
    else this.add(text);
  }

  add(value: Json): void {
    if (Array.isArray(this.#current)) this.#current.push(value);
    else if (this.#key !== undefined) setMember(this.#current, this.#key, value);
    this.#key = undefined;
  }
}

const SEPARATORS = ' \t\n\r,:';
const word = /[\w.+-]+/y;
const words: ReadonlySet<string> = new Set(['true', 'false', 'null']);

/** Plain assignment of `__proto__` would change the prototype instead of keeping the key. */
function setMember(object: { [key: string]: Json }, key: string, value: Json): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

function wordAt(text: string, at: number): string {
  word.lastIndex = at;
  return word.exec(text)?.[0] ?? '';
}

/** The place behind the closing quote of a text that begins at `start`. */
function behindText(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1);
  while (isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  return quote + 1;
}

function isEscaped(text: string, quote: number): boolean {
  let first = quote;
  while (text[first - 1] === '\\') first -= 1;
  return (quote - first) % 2 === 1;
}

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
