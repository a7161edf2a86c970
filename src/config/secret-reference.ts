import type { Path } from './file/located-tree.ts';
import { FileReference, isFileReference } from './file-reference.ts';
import type { Secret } from './secret.ts';

/** `{ secret: KEY, env: VARIABLE, command: […] }` as it was read: what the secret is called, and not yet what it is. */
export class SecretReference {
  readonly key: string;
  readonly variable: string | undefined;
  /** A program with its arguments, which prints the secret alone. */
  readonly command: readonly string[] | undefined;

  constructor(key: string, variable?: string, command?: readonly string[]) {
    this.key = key;
    this.variable = variable;
    this.command = command;
  }
}

/** A part of the configuration with the secrets themselves where the references to them stood. */
export type WithSecrets<Part> = Part extends SecretReference
  ? Secret
  : Part extends Secret | FileReference | ((...given: never[]) => unknown)
    ? Part
    : Part extends object
      ? { [Key in keyof Part]: WithSecrets<Part[Key]> }
      : Part;

/** `at`: where the reference stands in the configuration. */
export type FindSecret = (reference: SecretReference, at: Path) => Secret;

/** Looks up every reference of a part, which stands at `at`. Only plain objects and lists are looked into: nothing else was parsed. */
export function withSecrets<Part>(part: Part, find: FindSecret, at?: Path): WithSecrets<Part>;
export function withSecrets(part: unknown, find: FindSecret, at: Path = []): unknown {
  if (part instanceof SecretReference) return find(part, at);
  if (Array.isArray(part)) return part.map((item: unknown, index) => withSecrets(item, find, [...at, index]));
  if (!isPlainObject(part)) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, member]) => [key, withSecrets(member, find, [...at, key])]),
  );
}

interface WrittenReference {
  readonly secret: string;
  readonly env?: string;
  readonly command?: readonly string[];
}

/** `{ secret: KEY, env: VARIABLE, command: […] }` as it stands in a file. */
export function isSecretReference(value: unknown): value is WrittenReference {
  if (!isPlainObject(value)) return false;
  const isReference = Object.entries(value).every(([key, member]) =>
    key === 'command'
      ? isCommand(member)
      : ['secret', 'env'].includes(key) && typeof member === 'string' && member !== '',
  );
  return isReference && 'secret' in value;
}

/** Any JSON with its references, also those to files, as such, of whichever members of mappings and lists are one; it is none as a whole. */
export function withReferences(json: unknown): unknown {
  const member = (value: unknown) => {
    if (isSecretReference(value)) return new SecretReference(value.secret, value.env, value.command);
    return isFileReference(value) ? new FileReference(value) : withReferences(value);
  };
  if (Array.isArray(json)) return json.map(member);
  if (!isPlainObject(json)) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, member(value)]));
}

// --- internal ---

function isCommand(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string');
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
