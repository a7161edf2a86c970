import type { Secret } from '../../config/secret.ts';
import { wellFormed } from '../../json/json-text.ts';
import { unescaped } from './unescaped.ts';

/** One form of a secret, as it is looked for. */
export interface Needle {
  readonly text: string;
  /** As it reads where every escape is undone, its own `%41` too. */
  readonly plain: string;
  /** The same two in lower case. */
  readonly folded: { readonly text: string; readonly plain: string };
  /** Too long for a word: it is found in any case, because host names come in lower case. */
  readonly isLong: boolean;
}

/** Everything that a run has to hide, tokens that it learns on its way among it. */
export class KnownSecrets {
  readonly #texts = new Set<string>();
  #needles: readonly Needle[] = [];
  #pieces: readonly Buffer[] = [];

  /** The secrets of a configuration: one collection for all who name them. */
  static of(secrets: readonly Secret[]): KnownSecrets {
    const known = collections.get(secrets) ?? new KnownSecrets();
    collections.set(secrets, known);
    for (const secret of secrets) if (!secret.isMissing) known.add(secret.reveal());
    return known;
  }

  /** Hides this value too; of the value of an `Authorization` header, what follows the scheme. */
  add(value: string): void {
    const before = this.#texts.size;
    const forms = [value, wellFormed(value)].flatMap((text) => formsOf(text.trim()));
    for (const form of forms) if (isTelling(form)) this.#texts.add(form);
    if (this.#texts.size === before) return;
    this.#needles = [...this.#texts].map(needleFor);
    this.#pieces = this.#needles.flatMap(piecesOf);
  }

  get needles(): readonly Needle[] {
    return this.#needles;
  }

  /** Where none of these is found among the bytes of a text, no secret stands in it as it is. An empty one is in every text. */
  get pieces(): readonly Buffer[] {
    return this.#pieces;
  }

  /** Characters of the longest one. */
  get longest(): number {
    return Math.max(0, ...this.#needles.map(({ text }) => text.length));
  }
}

/** In lower case, every character in its place: a few become two. */
export function folded(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

// --- internal ---

const collections = new WeakMap<readonly Secret[], KnownSecrets>();

/** Shorter values are left alone: masking `a` would maul every text. */
const SHORTEST = 4;
const LONG = 12;

function needleFor(text: string): Needle {
  const plain = unescaped(text).text;
  return { text, plain, folded: { text: folded(text), plain: folded(plain) }, isLong: text.length >= LONG };
}

function formsOf(value: string): string[] {
  const [, scheme = '', credentials] = /^(basic|bearer|token|apikey)\s+(\S.*)$/i.exec(value) ?? [];
  if (credentials === undefined) return [value, value.replaceAll(' ', '+')];
  if (scheme.toLowerCase() !== 'basic') return [credentials];
  const pair = Buffer.from(credentials, 'base64').toString();
  const colon = pair.indexOf(':');
  const inUrls = credentials.replaceAll('+', '-').replaceAll('/', '_');
  const password = pair.slice(colon + 1);
  return [
    credentials,
    inUrls,
    ...[credentials, inUrls].map(unpadded),
    password === '' ? pair.slice(0, colon) : password,
  ];
}

function unpadded(base64: string): string {
  return base64.replaceAll('=', '');
}

/**
 * What of a secret stands among the bytes of a text whatever its punctuation is escaped as: its two longest stretches without
 * any, so that one character that was put in does not hide both; and the longest in the case that hosts have.
 */
function piecesOf({ text, isLong }: Needle): Buffer[] {
  const stretches = text.split(/[^A-Za-z0-9_.-]+/).sort((a, b) => b.length - a.length);
  const [longest = ''] = stretches;
  const halves = [longest.slice(0, longest.length / 2), longest.slice(longest.length / 2)];
  const parts = longest.length >= 2 * SHORTEST ? halves : [longest, ...stretches.slice(1, 2).filter(isTelling)];
  const cases = isLong ? [longest.toLowerCase(), longest.toUpperCase()].filter((other) => other !== longest) : [];
  return [...parts, ...cases].map((part) => Buffer.from(part));
}

function isTelling(part: string): boolean {
  return part.length >= SHORTEST;
}
