import { z } from 'zod';
import { keyStrategies, versionStrategies, writeDispositions } from '../../schema/strategies.ts';
import { about } from './about.ts';
import { deleteLimit } from './units.ts';

const dataTypes = [
  'text',
  'double',
  'bool',
  'timestamp',
  'bigint',
  'binary',
  'json',
  'decimal',
  'wei',
  'date',
  'time',
] as const;

/** Column hints as dlt's `TColumnSchema`; `x-` keys are kept as they are. */
const yesOrNo = (what: string) => about(what, z.boolean().optional());

const columnHintFields = z.object({
  name: about('Name of the column, in a list of columns', z.string().optional()),
  data_type: about('Type of the column, instead of the one that its values show', z.enum(dataTypes).optional()),
  nullable: yesOrNo('`false`: every row must have a value'),
  precision: about(
    'Digits of a decimal, bits of an integer, digits of the second of a timestamp',
    z.number().int().nonnegative().optional(),
  ),
  scale: about('Digits after the point of a decimal', z.number().int().nonnegative().optional()),
  timezone: yesOrNo('`false`: a timestamp without time zone'),
  description: about('Becomes the comment of the column', z.string().optional()),
  primary_key: yesOrNo('Part of the primary key'),
  merge_key: yesOrNo('Part of the merge key'),
  unique: yesOrNo('Kept in the schema, for dlt'),
  sort: yesOrNo('Kept in the schema, for dlt'),
  partition: yesOrNo('Kept in the schema, for dlt'),
  cluster: yesOrNo('Kept in the schema, for dlt'),
  hard_delete: yesOrNo('`merge` deletes rows where it is true, or, in a column that is no bool, not null'),
  dedup_sort: about(
    'Which of several records of one key stays: the one with the highest value (`desc`) or the lowest (`asc`)',
    z.enum(['asc', 'desc']).optional(),
  ),
});

/** Of dlt's hints, those that no configuration gives: what its own columns are, what came of a value that did not fit. */
const storedColumnFields = columnHintFields.extend({
  row_key: z.boolean().optional(),
  parent_key: z.boolean().optional(),
  root_key: z.boolean().optional(),
  variant: z.boolean().optional(),
  incremental: z.boolean().optional(),
});

const columnHint = withXKeys(columnHintFields);

/** A column as it stands in a schema document. */
export const storedColumn = withXKeys(storedColumnFields);

/** With any `x-` key beside the known ones. */
export function withXKeys<Fields extends z.ZodRawShape>(fields: z.ZodObject<Fields>) {
  return fields.catchall(z.unknown()).superRefine((hint, context) => {
    for (const key of Object.keys(hint)) {
      if (key in fields.shape || key.startsWith('x-')) continue;
      context.addIssue({ code: 'unrecognized_keys', keys: [key], input: hint });
    }
  });
}

const columnHintList = z.array(columnHint).superRefine((list, context) => {
  for (const [index, { name }] of list.entries()) {
    const isDouble = name !== undefined && list.findIndex((hint) => hint.name === name) < index;
    const message = isDouble ? `the column \`${name}\` is there twice` : 'is required in a list: expected text';
    if (isDouble || !name) context.addIssue({ code: 'custom', path: [index, 'name'], message, input: list });
  }
});

/** By name, or a list of hints that carry their name. */
const columnHints = z.union([
  z.record(z.string(), columnHint),
  columnHintList.transform((list) => Object.fromEntries(list.map((hint) => [hint.name ?? '', hint]))),
]);

const contractMode = z.enum(['evolve', 'freeze', 'discard_row', 'discard_value']);

/** One mode for all three entities, or a mode each. */
export const schemaContract = z.union([
  contractMode,
  z.strictObject({
    tables: about('What becomes of new tables', contractMode.optional()),
    columns: about('What becomes of new columns', contractMode.optional()),
    data_type: about('What becomes of values of another type', contractMode.optional()),
  }),
]);

const keyColumns = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((key) => (typeof key === 'string' ? [key] : key));

const byKey = about('Rows take the place of those with the same key', z.literal('merge'));

const versioned = z.strictObject({
  disposition: byKey,
  strategy: about('Keeps the old versions of a row, and from when to when each was valid', z.enum(versionStrategies)),
  validity_column_names: about(
    'The columns of these times. Default `_dlt_valid_from`, `_dlt_valid_to`',
    z.tuple([z.string(), z.string()]).optional(),
  ),
  active_record_timestamp: about(
    'The end of a row that is still valid. Default null',
    z.string().nullable().optional(),
  ),
  boundary_timestamp: about('The time of the changes. Default: that of the load', z.string().nullable().optional()),
  row_version_column_name: about('The column that tells versions apart. Default `_dlt_id`', z.string().optional()),
});

const disposition = z.enum(writeDispositions);

/** A name, or an object with the merge strategy; always an object afterwards. */
export const writeDisposition = z.union([
  disposition.transform((disposition) => ({ disposition }) as const),
  z.strictObject({
    disposition: about(
      'Rows are added, take the place of all that are there, or are not loaded',
      disposition.exclude(['merge']),
    ),
  }),
  z.strictObject({
    disposition: byKey,
    strategy: about('How. Default `delete-insert`', z.enum(keyStrategies).optional()),
    deduplicated: yesOrNo('`true`: no key comes twice in a load, so that nothing has to be looked for'),
    delete_missing: about(
      'What becomes of rows that are not in the list any more, where it was read whole: `soft` marks them in `_elt_deleted_at`, `hard` deletes them. Default: they stay',
      z.enum(['soft', 'hard']).optional(),
    ),
    max_delete: about(
      'The most rows that one load may so delete: a part of those that are there, or a number; more fail it. Default `50%`',
      deleteLimit.optional(),
    ),
  }),
  versioned,
]);

/** Of a source, and of one of its resources. */
export const hintsOfSource = {
  max_table_nesting: about(
    'How deep lists become tables of their own; what is deeper becomes JSON. Default 1000',
    z.number().int().nonnegative().optional(),
  ),
  schema_contract: about('What becomes of what the schema does not have. Default `evolve`', schemaContract.optional()),
  root_key: yesOrNo('Whether nested tables have the column `_dlt_root_id`'),
};

/** Of the table of a resource, and of a nested one. */
export const hintsOfTable = {
  description: about('Becomes the comment of the table', z.string().optional()),
  primary_key: about('Column or columns that tell a row from all others', keyColumns.optional()),
  merge_key: about('Column or columns: `merge` replaces all rows that have the same there', keyColumns.optional()),
  columns: about('Hints of columns, by their names', columnHints.optional()),
};

const { root_key: _, ...hintsOfNested } = hintsOfSource;

export const nestedHint = z.strictObject({ ...hintsOfTable, ...hintsOfNested });
