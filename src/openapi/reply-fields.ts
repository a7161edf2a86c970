import type { Node } from './json-node.ts';
import { bare } from './name-words.ts';
import type { Schema, SchemaKind, Schemas } from './schemas.ts';

/** A list somewhere in a reply. */
export interface ReplyList {
  readonly path: readonly string[];
  readonly item: Schema;
}

/** A value beside the lists of a reply. */
export interface ReplyField {
  readonly path: readonly string[];
  /** Each of the path, without case and signs. */
  readonly names: readonly string[];
  readonly schema: Schema;
}

export interface ReplyFields {
  readonly kind: SchemaKind;
  /** Keys of an object, or of the items of a list. */
  readonly top: Schema;
  /** Of objects, or of what the document does not say; of values where there are none of these. */
  readonly lists: readonly ReplyList[];
  readonly fields: readonly ReplyField[];
}

/** The lists and values of a reply, down to where a list of records may stand. */
export function replyFields(schemas: Schemas, reply: Node): ReplyFields {
  const top = schemas.of(reply);
  const lists: ReplyList[] = [];
  const fields: ReplyField[] = [];
  const walk = (schema: Schema, path: readonly string[], around: ReadonlySet<Schema>): void => {
    for (const [key, node] of schema.properties) {
      if (fields.length + lists.length > MOST) return;
      if (!isName(key)) continue;
      const below = [...path, key];
      const value = schemas.of(node);
      if (value.kind === 'list') {
        if (!besideLists.has(bare(key))) lists.push({ path: below, item: schemas.of(value.items) });
      } else if (value.kind === 'object' && below.length < DEEPEST && !around.has(value)) {
        walk(value, below, new Set([...around, value]));
      } else fields.push({ path: below, names: below.map(bare), schema: value });
    }
  };
  if (top.kind === 'list') return { kind: 'list', top, lists: [{ path: [], item: schemas.of(top.items) }], fields };
  walk(top, [], new Set([top]));
  const ofRecords = lists.filter(({ item }) => item.kind === 'object' || item.kind === 'unknown');
  return { kind: top.kind, top, lists: ofRecords.length > 0 ? ofRecords : lists, fields };
}

// --- internal ---

/** As far down as a list of records is looked for. */
const DEEPEST = 3;
/** More than any reply has that a person would call one. */
const MOST = 2000;

/** What cannot be seen, or is endless, names nothing that somebody would select. */
function isName(key: string): boolean {
  return key !== '' && key.length <= 200 && !/[\p{Cc}\p{Cs}\p{Cf}\u2028\u2029]/u.test(key);
}

/** Lists that tell of the reply, and are no records. */
const besideLists = new Set('errors error warnings warning messages links link headers debug hints notices'.split(' '));
