import { z } from 'zod';
import { about } from './about.ts';

const key = z.string().min(1);
const keys = z.array(key).min(1);
const sqlText = z.string().min(1);
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const setValue = z.union([
  scalar,
  z.array(scalar),
  z.strictObject({ sql: about('A SQL expression over the keys of the record, such as `price * 1.2`', sqlText) }),
]);

const step = z.strictObject({
  filter: about('Keeps the records for which a SQL condition over their keys holds', sqlText.optional()),
  set: about(
    'Gives keys a value: a constant, a placeholder, or `{ sql: … }` over the record as it was before the step',
    z.record(key, setValue).optional(),
  ),
  include: about('Keeps these keys alone', keys.optional()),
  exclude: about('Takes these keys away', keys.optional()),
  rename: about('New names of keys, by the old ones', z.record(key, key).optional()),
  flatten: about(
    'Puts the keys of an object, such as `data.object`, into the record; those that it has already stay where they are',
    key.optional(),
  ),
  explode: about('One record for each element of a list, which takes the place of the list', key.optional()),
  mask: about(
    'Keys whose values nobody is to see: `sha256` keeps which are alike, `redact` does not',
    z.record(key, z.enum(['sha256', 'redact'])).optional(),
  ),
});

const kinds = Object.keys(step.shape);

/** Exactly one thing a step, so that their order is that of the list. */
export const processingStep = step.superRefine((value, { addIssue }) => {
  if (Object.keys(value).length === 1) return;
  const message = `expected one of ${kinds.map((kind) => `\`${kind}\``).join(', ')} in each step`;
  addIssue({ code: 'custom', path: [], message });
});

export type ProcessingStep = z.output<typeof step>;
