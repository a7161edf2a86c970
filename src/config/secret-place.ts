import { isPlaceholder } from './plain-secret.ts';

/** What is looked for. */
export interface WantedSecret {
  readonly pipeline: string;
  /** As dlt calls it: `[sources, <name>]`, `[destination, postgres, credentials]`. */
  readonly section: readonly string[];
  /** In its section. */
  readonly key: string;
  /** Names that it has among variables, best first. */
  readonly variables: readonly string[];
}

/** One place where a secret can be. */
export interface SecretPlace {
  /** As a person would name it. */
  readonly name: string;
  readonly value: string | undefined;
}

/** A file that can hold secrets, or the output of a program. */
export interface SecretsFile {
  readonly file: string;
  places(wanted: WantedSecret): readonly SecretPlace[];
}

/** What a file says of something that need not be secret. */
export interface FileValue {
  readonly text: string;
  /** As a person would name the place. */
  readonly place: string;
}

/** Whether a place holds a value: a placeholder such as `<set me up!>` is none. */
export function holdsSecret({ value }: SecretPlace): boolean {
  return isSet(value) && !isPlaceholder(value);
}

/** Of a place that was looked in without success. */
export function shownPlace({ name, value }: SecretPlace): string {
  return isSet(value) ? `${name} (it still holds a placeholder)` : name;
}

// --- internal ---

function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}
