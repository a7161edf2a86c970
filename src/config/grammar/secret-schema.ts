import { z } from 'zod';
import { placeholders } from '../../text/placeholders.ts';
import { plainSecret } from '../plain-secret.ts';
import { SecretReference, withReferences } from '../secret-reference.ts';
import { about } from './about.ts';
import { timeLimit } from './units.ts';

const command = z
  .array(z.string(), { error: 'expected a list: the program, then its arguments' })
  .min(1)
  .refine(([program]) => program !== '', 'expected a program first');

/** `{ secret: KEY, … }`, as it stands in a file. */
export const writtenReference = z.strictObject({
  secret: about('Key of the secret in secrets.yaml, and in `SOURCES__<SOURCE>__<KEY>`', z.string().min(1)),
  env: about('Another variable of the environment that may hold it', z.string().min(1).optional()),
  command: about(
    'A program with its arguments that prints this secret alone, started where it is found nowhere else: `[op, read, "op://vault/dezgo/key"]`',
    command.optional(),
  ),
});

/** Looked up when the whole file was read. */
export const secretReference = writtenReference.transform(
  ({ secret, env, command: own }) => new SecretReference(secret, env, own),
);

/** Where secrets come from that are found nowhere else. */
export const secretsSchema = z.strictObject({
  command: about(
    'A program with its arguments, started without a shell when a secret is needed, which prints secrets: JSON or YAML as in secrets.yaml or by key, or lines `KEY=value`',
    command.optional(),
  ),
  timeout: about('How long such a program may take. Default `30s`', timeLimit.default(30_000)),
});

const secretFields = new WeakSet<object>();

/** Lets variables of the environment that set a part become secrets. */
export function asSecretField<Schema extends z.ZodType>(schema: Schema): Schema {
  secretFields.add(schema);
  return schema;
}

/** Whether a schema is that of a secret, so that an environment variable becomes a secret, not a plain text. */
export function isSecretField(schema: object): boolean {
  return secretFields.has(schema);
}

/**
 * A value that must not be seen; one that is not there is looked up by its `key`, as dlt does. `text` says which texts are accepted
 * in place of a reference.
 */
export function secretField(key: string, text = z.string().min(1)) {
  const field = secretOrText(key, text).prefault({ secret: key });
  secretFields.add(field);
  return field;
}

/** The same where nothing may be there at all. */
export function optionalSecret(key: string) {
  const field = secretOrText(key, z.string().min(1)).optional();
  secretFields.add(field);
  return field;
}

/** A value that may be seen, or a reference to one that may not. */
export const textOrSecret = z.union([z.string(), secretReference]);

/** Any JSON whose members may be references. */
export const jsonWithSecrets = z.unknown().transform(withReferences);

/** Headers by name. What carries a key by its name is a secret, also where it is written as plain text. */
export const headersSchema = z
  .record(z.string(), textOrSecret)
  .transform((headers) => withPlainSecrets(headers, carriesKey));

/** Values by name. What is called as a secret is one, also where it is written as plain text. */
export const variablesSchema = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), secretReference]))
  .transform((variables) =>
    withPlainSecrets(variables, (name) => /(^|[_-])(token|secret|password|api_?key)$/i.test(name)),
  );

/** True for a header that by its name holds a credential. */
export function carriesKey(header: string): boolean {
  return /authorization|cookie|key|token|secret|password/i.test(header);
}

// --- internal ---

function secretOrText(key: string, text: z.ZodString) {
  const own = text.refine(
    (value) => !value.includes('{variables.'),
    'a variable cannot stand here: expected `{ secret: KEY }`',
  );
  return z.union([secretReference, own.transform((value) => plainSecret(key, value))]);
}

function withPlainSecrets<Value>(values: Readonly<Record<string, Value>>, isKey: (name: string) => boolean) {
  const entries = Object.entries(values).map(([name, value]) => {
    const isPlain = typeof value === 'string' && value.length >= SHORTEST_KEY && !isTemplate(value);
    const isPlainKey = isPlain && isKey(name);
    return [name, isPlainKey ? plainSecret(name, value) : value] as const;
  });
  return Object.fromEntries(entries);
}

/** With something to fill in; a key in braces, such as a GUID, is none. */
function isTemplate(text: string): boolean {
  return placeholders(text).some((name) => /^[A-Za-z_]\w*(\..+)?$/.test(name));
}

/** Shorter ones are words such as `true`: hiding them in replies would maul the data. */
const SHORTEST_KEY = 8;
