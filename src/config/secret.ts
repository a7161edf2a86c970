import { createHmac } from 'node:crypto';
import { PipelineError } from '../errors.ts';

/** Where a secret was looked for, in order, as a person would name the places. */
export type SecretPlaces = readonly string[];

/** A value that somebody has to be asked for. */
export interface AwaitedSecret {
  /** Who is asked, as a person would name it. */
  readonly origin: string;
  /** The value, or where it was looked for in the answer. Throws PipelineError. */
  ask(): Promise<{ readonly value: string } | { readonly places: SecretPlaces }>;
}

/**
 * A value that cannot be printed: every way of turning it into text gives `***`. Only `reveal()` shows it,
 * and what it shows must go nowhere but into a request.
 */
export class Secret {
  #value: string | undefined;
  readonly #key: string;
  #places: SecretPlaces;
  #awaited: AwaitedSecret | undefined;
  /** Nobody asked for it: it may be missing. */
  readonly isOptional: boolean;
  /** Where the value came from, such as `environment DEZGO_API_KEY`; for messages about a refused key. */
  readonly origin: string | undefined;

  private constructor(key: string, places: SecretPlaces, value?: string, origin?: string, isOptional = false) {
    this.#key = key;
    this.#places = places;
    this.#value = value;
    this.origin = origin;
    this.isOptional = isOptional;
  }

  static found(key: string, value: string, origin: string): Secret {
    return new Secret(key, [], value, origin);
  }

  static missing(key: string, places: SecretPlaces, isOptional = false): Secret {
    return new Secret(key, places, undefined, undefined, isOptional);
  }

  /** Not there yet: `settle` asks for it. */
  static awaited(key: string, places: SecretPlaces, awaited: AwaitedSecret, isOptional = false): Secret {
    const secret = new Secret(key, places, undefined, awaited.origin, isOptional);
    secret.#awaited = awaited;
    return secret;
  }

  /** Asks for a value that is awaited, once; does nothing to any other. Throws PipelineError. */
  async settle(): Promise<void> {
    const awaited = this.#awaited;
    if (awaited === undefined) return;
    const answer = await awaited.ask();
    this.#awaited = undefined;
    if ('value' in answer) this.#value = answer.value;
    else this.#places = [...this.#places, ...answer.places];
  }

  get isAwaited(): boolean {
    return this.#awaited !== undefined;
  }

  /** Also true of a value that is awaited still. */
  get isMissing(): boolean {
    return this.#value === undefined;
  }

  /** Where it was looked for without success, as a person would name the places. */
  get lookedIn(): SecretPlaces {
    return this.#places;
  }

  /** The value. Throws `SecretMissing`, naming every place that was looked in, when there is none. */
  reveal(): string {
    if (this.#value === undefined) throw this.missingError();
    return this.#value;
  }

  /** The value, asked for where that is to be done; undefined of an optional one that is nowhere. Throws as `settle` and `reveal`. */
  async revealed(): Promise<string | undefined> {
    await this.settle();
    return this.isOptional && this.isMissing ? undefined : this.reveal();
  }

  /** Tells two values apart; without the value nobody can make it, and no other salt gives the same. */
  fingerprint(salt: string): string {
    return createHmac('sha256', salt).update(this.reveal()).digest('hex');
  }

  /** What `reveal` throws when there is no value. `keysPage` is where one is made. */
  missingError(keysPage?: string): PipelineError {
    return new PipelineError({
      code: 'SecretMissing',
      message: `The secret \`${this.#key}\` was not found. Looked in: ${this.#places.join('; ')}`,
      hint: `Set one of these, put it in \`.env\` or \`.dlt/secrets.toml\` beside the configuration, or let \`secrets: { command: […] }\` print it; secrets.example.yaml shows the form of the file.${keysPage === undefined ? '' : ` Keys are made at ${keysPage}.`}`,
      facts: { key: this.#key, places: this.#places },
    });
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return 'Secret(***)';
  }
}
