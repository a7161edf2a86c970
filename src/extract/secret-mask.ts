import type { Secret } from '../config/secret.ts';
import { wellFormed } from '../schema/json-text.ts';
import type { Json } from './page.ts';
import { rewriteLeaves } from './rewrite-leaves.ts';

const MASK = '***';
/** Shorter values are left alone: masking `a` would maul every text. */
const SHORTEST = 4;

/**
 * Hides secrets by their value wherever a reply or a message repeats them.
 *
 * A secret can be escaped in JSON in many ways (`\/`, `\u002B`), so bytes are only searched for its longest plain stretch;
 * what is found there is then looked for in the parsed value, where nothing is escaped.
 */
export class SecretMask {
  readonly #values: string[] = [];
  readonly #stretches: Buffer[] = [];
  readonly #onMasked: (count: number) => void;

  constructor(secrets: readonly Secret[], onMasked: (count: number) => void) {
    this.#onMasked = onMasked;
    for (const secret of secrets) if (!secret.isMissing) this.add(secret.reveal());
  }

  /** Hides this value too, in its own form and as it looks in a URL. */
  add(value: string): void {
    for (const form of new Set([
      value.trim(),
      encodeURIComponent(wellFormed(value)),
      new URLSearchParams({ '': value }).toString().slice(1),
    ])) {
      if (form.length < SHORTEST || this.#values.includes(form)) continue;
      this.#values.push(form);
      this.#stretches.push(Buffer.from(longestPlainStretch(form)));
    }
    this.#values.sort((a, b) => b.length - a.length);
  }

  /** Text for a message, a trace or a position. */
  text(text: string): string {
    return this.#values.reduce((masked, value) => masked.replaceAll(value, MASK), text);
  }

  /** False if no secret can be in these bytes; true if one may be. */
  mayBeIn(bytes: Buffer): boolean {
    return this.#stretches.some((stretch) => stretch.length === 0 || bytes.includes(stretch));
  }

  /** The value without secrets, counted. Changes it in place. */
  json(value: Json): Json {
    let count = 0;
    const hide = (text: string): string => {
      const masked = this.text(text);
      if (masked !== text) count += 1;
      return masked;
    };
    const cleaned = rewriteLeaves(value, (leaf) => {
      const text = String(leaf);
      if (typeof leaf === 'string') return hide(text);
      return this.#values.includes(text) ? hide(text) : leaf;
    });
    if (count > 0) this.#onMasked(count);
    return cleaned;
  }
}

function longestPlainStretch(text: string): string {
  return text.split(/[^A-Za-z0-9_.-]+/).reduce((longest, part) => (part.length > longest.length ? part : longest), '');
}
