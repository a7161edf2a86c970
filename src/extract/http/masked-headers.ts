import type { SecretMask } from './secret-mask.ts';

/** The headers of a reply, of which no value shows a secret that is known. */
export class MaskedHeaders {
  readonly #headers: Headers;
  readonly #mask: SecretMask;

  constructor(headers: Headers, mask: SecretMask) {
    this.#headers = headers;
    this.#mask = mask;
  }

  get(name: string): string | null {
    const value = this.#headers.get(name);
    return value === null ? null : this.#mask.text(value);
  }

  /** In lower case, in alphabetical order. */
  names(): readonly string[] {
    return [...new Set(this.#headers.keys())];
  }
}
