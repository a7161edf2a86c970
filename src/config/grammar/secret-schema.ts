import { z } from 'zod';
import type { Secret } from '../secret.ts';

/** How the secrets of a file become `Secret`s. Made by the loader; see secrets.ts. */
export interface SecretSource {
  /** A reference `{ secret: KEY, env: VARIABLE }`. */
  lookup(key: string, variable?: string): Secret;
  /** A plain text where a secret belongs: accepted with a warning. */
  plain(key: string, value: string): Secret;
}

const secretReference = z.strictObject({ secret: z.string().min(1), env: z.string().min(1).optional() });

const secretFields = new WeakSet<object>();

/** Whether a schema is that of a secret, so that an environment variable becomes a secret, not a plain text. */
export function isSecretField(schema: object): boolean {
  return secretFields.has(schema);
}

/** A value that must not be seen. `text` says which texts are accepted in place of a reference. */
export function secretField(key: string, source: SecretSource, text = z.string().min(1)) {
  const field = z.union([referenceTo(source), text.transform((value) => source.plain(key, value))]);
  secretFields.add(field);
  return field;
}

/** A value that may be seen, or a reference to one that may not. */
export function textOrSecret(source: SecretSource) {
  return z.union([z.string(), referenceTo(source)]);
}

/** Headers by name. What carries a key by its name is a secret, also where it is written as plain text. */
export function headersSchema(source: SecretSource) {
  return z.record(z.string(), textOrSecret(source)).transform((headers) => {
    const entries = Object.entries(headers).map(([name, value]) => {
      const isPlainKey = typeof value === 'string' && value.length >= SHORTEST_KEY && carriesKey(name);
      return [name, isPlainKey ? source.plain(name, value) : value] as const;
    });
    return Object.fromEntries(entries);
  });
}

/** True for a header that by its name holds a credential. */
export function carriesKey(header: string): boolean {
  return /authorization|cookie|key|token|secret|password/i.test(header);
}

// --- internal ---

/** Shorter ones are words such as `true`: hiding them in replies would maul the data. */
const SHORTEST_KEY = 8;

function referenceTo(source: SecretSource) {
  return secretReference.transform(({ secret, env }) => source.lookup(secret, env));
}
