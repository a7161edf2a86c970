import type { Guess } from './guessed.ts';
import { bare, singular, wordsOf } from './name-words.ts';
import type { Schema, SchemaKind, Schemas } from './schemas.ts';

/** What is known of a list beside its records. */
export interface KeyHints {
  /** The last segment of its path that is no parameter. */
  readonly noun: string;
  /** The parameter by which the document asks for one of its records: `login` of `/users/{login}`. */
  readonly parameter?: string | undefined;
}

/** What tells a record from all others; undefined where nothing does that is unmistakable. */
export function guessKey(schemas: Schemas, item: Schema, { noun, parameter }: KeyHints): Guess<string> | undefined {
  const keys = scalarKeys(schemas, item);
  const named = (name: string) => keys.find((key) => bare(key) === name);
  const id = keys.find((key) => /^_?id$/i.test(key));
  if (id !== undefined)
    return { value: id, why: item.required.has(id) ? undefined : 'the document does not say that every record has it' };
  const asked = parameter === undefined ? undefined : named(bare(parameter));
  if (asked !== undefined) return { value: asked, why: `the document asks for one record by it: {${parameter}}` };
  // Each search stands behind the one that says more.
  const uid = keys.find((key) =>
    /^(_?uuid|_?guid|uid|sid|oid|urn|objectid|object_id|resourceid|recordid|globalid|identifier|gid|_key)$/i.test(key),
  );
  if (uid !== undefined) return { value: uid, why: 'by its name' };
  const word = wordsOf(noun).map(singular).join('');
  const last = singular(wordsOf(noun).at(-1) ?? '');
  const own = [word, last]
    .filter((one) => one !== '')
    .flatMap((one) =>
      ['id', 'uuid', 'guid', 'key', 'code', 'number', 'no', 'uid', 'arn', 'identifier'].map((end) => one + end),
    )
    .map(named)
    .find((key) => key !== undefined);
  if (own !== undefined) return { value: own, why: `by its name, beside \`${noun}\`` };
  const described = keys.find((key) => !namesAnother(key, word) && saysUnique(schemas.of(item.properties.get(key))));
  if (described !== undefined) return { value: described, why: 'by its description' };
  const byParameter = parameter === undefined ? undefined : ofParameter(parameter, keys);
  if (byParameter !== undefined)
    return { value: byParameter, why: `the document asks for one record by {${parameter}}` };
  const first = [...item.properties.keys()][0] ?? '';
  if (isId(first) && keys.includes(first) && keys.filter(isId).length === 1)
    return { value: first, why: 'the first field, and the only one with the name of an id' };
  const usual = ['slug', 'key', 'code', 'sku', 'handle', 'symbol', 'iso', 'uri', 'href', 'self', 'selflink', 'name']
    .map((name) => named(bare(name)))
    .find(
      (key) =>
        key !== undefined &&
        (item.required.has(key) || bare(key) !== 'name' || parameter !== undefined || item.properties.size <= 3),
    );
  return usual === undefined ? undefined : { value: usual, why: 'by its name; look whether no two records share it' };
}

/** Fields that may be one, for a person to choose from. */
export function keyCandidates(schemas: Schemas, item: Schema): string[] {
  const keys = scalarKeys(schemas, item);
  const likely = keys.filter((key) => /id$|uuid|key|code|number|name|slug|date|time/i.test(key));
  return likely.slice(0, MOST_CANDIDATES);
}

/** A parameter of a path, as far as it tells which field it takes. */
export interface TakenBy {
  readonly name: string;
  readonly kind: SchemaKind;
  readonly description: string;
}

/**
 * The field of a record that a parameter of a path most likely takes: `userId` takes `id` of `users`, `{username}` takes `login`, and
 * a text that is called after the record, `{repo}`, no number. Undefined where that is not clear.
 */
export function fieldFor(
  { name, kind, description }: TakenBy,
  noun: string,
  schemas: Schemas,
  item: Schema,
): Guess<string> | undefined {
  const keys = scalarKeys(schemas, item);
  const plain = bare(name);
  const same = keys.find((key) => key === name) ?? keys.find((key) => bare(key) === plain);
  if (same !== undefined) return { value: same, why: `the field of \`${noun}\` that is called so` };
  const field = ofParameter(name, keys, singular(wordsOf(noun).join('')));
  if (field === undefined) return undefined;
  const isSure = ENDS.some((end) => plain.endsWith(end)) || ACCOUNT.test(plain);
  const isNumber = schemas.of(item.properties.get(field)).kind === 'number';
  const told = isSure ? undefined : saidName(description, keys);
  if (told !== undefined) return { value: told, why: `by the description of {${name}}` };
  if (isSure || !(kind === 'text' && isNumber)) return { value: field, why: `{${name}} stands behind \`${noun}\`` };
  const names = keys.filter((key) => NAMES.includes(bare(key)));
  const [only] = names;
  if (only === undefined || names.length > 1) return undefined;
  return { value: only, why: `{${name}} is a text behind \`${noun}\`, and \`${field}\` is a number` };
}

// --- internal ---

const MOST_CANDIDATES = 6;
/** Of what people give a name to. */
const NAMES = ['username', 'login', 'handle', 'slug', 'name', 'key', 'code'];
const ACCOUNT = /^(user|account|member)?(username|login|handle)$/;
const ENDS = ['identifier', 'uuid', 'guid', 'slug', 'name', 'code', 'key', 'number', 'id', 'arn'];

/** `The name of the repository` → `name`; not where an id would do as well. */
function saidName(description: string, keys: readonly string[]): string | undefined {
  const words = wordsOf(description);
  if (words.some((word) => /^(id|ids|identifier|uuid|guid)$/.test(word))) return undefined;
  const said = NAMES.filter((name) => words.includes(name));
  return keys.find((key) => said.includes(bare(key)));
}

/** `userId` → `id`, `team_slug` → `slug`, `user` → `id`, where records have that. */
function ofParameter(parameter: string, keys: readonly string[], noun = ''): string | undefined {
  const plain = bare(parameter);
  const named = (name: string) => keys.find((key) => bare(key) === name);
  if (ACCOUNT.test(plain)) {
    const account = ['username', 'login', 'handle'].map(named).find((key) => key !== undefined);
    if (account !== undefined) return account;
  }
  const end = ENDS.find((one) => plain.endsWith(one));
  if (end !== undefined) {
    const found = named(end) ?? (noun === '' ? undefined : named(noun + end));
    if (found !== undefined) return found;
    if (!['id', 'uuid', 'guid', 'identifier', 'key'].includes(end)) return undefined;
  }
  return (
    ['id', 'uuid', 'guid', 'uid', 'identifier'].map(named).find((key) => key !== undefined) ??
    (noun === '' ? undefined : named(`${noun}id`))
  );
}

function scalarKeys(schemas: Schemas, item: Schema): string[] {
  const isName = (key: string) => /^(?!_(dlt|elt)_)[A-Za-z_][\w-]{0,99}$/.test(key);
  return [...item.properties].flatMap(([key, node]) => (isName(key) && isScalar(schemas.of(node)) ? [key] : []));
}

function isScalar({ kind }: Schema): boolean {
  return kind === 'text' || kind === 'number' || kind === 'unknown';
}

function isId(key: string): boolean {
  return /(^|_)(id|uuid|arn)$|[a-z](Id|ID|Uuid|Arn)$/.test(key);
}

/** `user_id` of `orders` tells users apart. */
function namesAnother(key: string, noun: string): boolean {
  const other = bare(key).replace(/(id|uuid|guid|arn|key|code|number|identifier|name)$/, '');
  return other !== '' && !noun.endsWith(other) && !other.endsWith(noun);
}

function saysUnique({ description, kind }: Schema): boolean {
  return (
    kind !== 'unknown' &&
    /\b(uniquely identif|unique (id|key|name|code|number|identifier|resource)|primary key|resource name)|^(output only\. |required\. |immutable\. )*identifier\.|[`'"]\/?projects\//i.test(
      description.slice(0, 300),
    )
  );
}
