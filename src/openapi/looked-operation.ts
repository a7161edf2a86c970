import type { Kin } from './find-parents.ts';
import { guessRecords, type Records } from './guess-list.ts';
import type { Node } from './json-node.ts';
import type { Operation } from './operations.ts';
import { type ReplyFields, replyFields } from './reply-fields.ts';
import type { ResourceNames } from './resource-names.ts';
import { sampledSchema } from './sampled-schema.ts';
import type { Schemas } from './schemas.ts';

/** The first reply to a resource: JSON, or why there is none. */
export type SampledReply = { readonly reply: Node } | { readonly failure: string };

export type Samples = ReadonlyMap<string, SampledReply>;

/** A GET with what its reply holds, as it came where it was asked for, else as the document has it. */
export interface LookedOperation extends Kin {
  readonly reply: ReplyFields;
  readonly records: Records;
  readonly sample: SampledReply | undefined;
}

export function lookedOperation(
  schemas: Schemas,
  operation: Operation,
  names: ResourceNames,
  samples: Samples,
): LookedOperation {
  const promised = replyFields(schemas, operation.reply);
  const records = guessRecords(schemas, operation, promised);
  // The name is that of the document, so that a sample finds its resource again.
  const name = names.next(operation, records.list !== undefined);
  const sample = samples.get(name);
  const kin = { name, operation, sample };
  if (sample === undefined || 'failure' in sample)
    return { ...kin, reply: promised, records, isList: records.list !== undefined, item: records.item };
  const reply = replyFields(schemas, sampledSchema(sample.reply));
  const came = withPromisedItem(guessRecords(schemas, operation, reply), records);
  return {
    ...kin,
    reply: withPromisedFields(reply, promised),
    records: seen(came, records),
    isList: came.list !== undefined,
    item: came.item,
  };
}

// --- internal ---

/** An empty list shows nothing of its records. */
function withPromisedItem(came: Records, promised: Records): Records {
  const isEmpty = came.list !== undefined && came.item.properties.size === 0;
  return isEmpty && came.selector.value === promised.selector.value ? { ...came, item: promised.item } : came;
}

/** A list with records in it, where the document has one, too, is no guess any more. */
function seen(came: Records, promised: Records): Records {
  const isSeen = came.list !== undefined && came.selector.value === promised.selector.value;
  return isSeen ? { ...came, selector: { value: came.selector.value } } : came;
}

/** What leads on is not in the last page: a field that is missing there may well be in others. */
function withPromisedFields(came: ReplyFields, promised: ReplyFields): ReplyFields {
  const known = new Set(came.fields.map(({ names }) => names.join('.')));
  return { ...came, fields: [...came.fields, ...promised.fields.filter(({ names }) => !known.has(names.join('.')))] };
}
