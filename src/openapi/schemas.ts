import { isObject, itemsOf, member, type Node } from './json-node.ts';
import type { References } from './references.ts';

export type SchemaKind = 'list' | 'object' | 'text' | 'number' | 'boolean' | 'unknown';

/** A schema as it is asked here: references followed, `allOf` put together, of alternatives the first that says something. */
export interface Schema {
  readonly kind: SchemaKind;
  /** Of an object, in the order of the document. */
  readonly properties: ReadonlyMap<string, Node>;
  readonly required: ReadonlySet<string>;
  /** Of a list. */
  readonly items: Node;
  readonly isInteger: boolean;
  readonly format: string | undefined;
  readonly description: string;
}

/** The schemas of one document; each is read once. */
export class Schemas {
  readonly #references: References;
  readonly #known = new Map<object, Schema>();

  constructor(references: References) {
    this.#references = references;
  }

  of(node: Node): Schema {
    return this.#read(node, 0);
  }

  #read(node: Node, depth: number): Schema {
    const found = this.#references.follow(node);
    if (!isObject(found) || depth > DEEPEST) return nothing;
    const known = this.#known.get(found);
    if (known !== undefined) return known;
    // Whoever comes round to it again finds nothing to add.
    this.#known.set(found, nothing);
    const schema = this.#put(found, depth);
    this.#known.set(found, schema);
    return schema;
  }

  #put(node: Readonly<Record<string, Node>>, depth: number): Schema {
    const own = ownSchema(node);
    const alternatives = [...itemsOf(member(node, 'oneOf')), ...itemsOf(member(node, 'anyOf'))];
    const together = itemsOf(member(node, 'allOf'));
    if (together.length + alternatives.length === 0) return own;
    const parts = together.map((part) => this.#read(part, depth + 1));
    for (const alternative of alternatives.slice(0, MOST_ALTERNATIVES)) {
      const read = this.#read(alternative, depth + 1);
      if (read.kind === 'unknown') continue;
      parts.push(read);
      break;
    }
    const kind = [own, ...parts].map((part) => part.kind).find((one) => one !== 'unknown') ?? 'unknown';
    const properties = new Map([...parts, own].flatMap((part) => [...part.properties]));
    return {
      kind: kind === 'unknown' && properties.size > 0 ? 'object' : kind,
      properties,
      required: new Set([own, ...parts].flatMap((part) => [...part.required])),
      items: own.items ?? parts.find((part) => part.items !== undefined)?.items,
      isInteger: own.isInteger || parts.some((part) => part.isInteger),
      format: own.format ?? parts.find((part) => part.format !== undefined)?.format,
      description: own.description || (parts.find((part) => part.description !== '')?.description ?? ''),
    };
  }
}

// --- internal ---

/** Levels of `allOf` and its like. */
const DEEPEST = 20;
const MOST_ALTERNATIVES = 20;

const noProperties: ReadonlyMap<string, Node> = new Map();
const noNames: ReadonlySet<string> = new Set();

const nothing: Schema = {
  kind: 'unknown',
  properties: noProperties,
  required: noNames,
  items: undefined,
  isInteger: false,
  format: undefined,
  description: '',
};

const kinds: Readonly<Record<string, SchemaKind>> = {
  array: 'list',
  object: 'object',
  string: 'text',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
};

function ownSchema(node: Readonly<Record<string, Node>>): Schema {
  const written = member(node, 'type');
  // 3.1 has lists of types, of which one may be null.
  const types = (Array.isArray(written) ? written : [written]).filter((type) => type !== 'null');
  const [type] = types;
  const properties = member(node, 'properties');
  const required = itemsOf(member(node, 'required'));
  const items = member(node, 'items');
  const format = member(node, 'format');
  const description = member(node, 'description');
  const named = typeof type === 'string' && Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  const shown = isObject(properties) ? 'object' : items === undefined ? 'unknown' : 'list';
  return {
    kind: named ?? shown,
    properties: isObject(properties) ? new Map(Object.entries(properties)) : noProperties,
    required: required.length === 0 ? noNames : new Set(required.filter((name) => typeof name === 'string')),
    items,
    isInteger: type === 'integer',
    format: typeof format === 'string' ? format : undefined,
    description: typeof description === 'string' ? description : '',
  };
}
