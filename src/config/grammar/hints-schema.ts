import { z } from 'zod';
import { keyStrategies, versionStrategies, writeDispositions } from '../../schema/strategies.ts';

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
const columnHintFields = z.object({
  name: z.string().optional(),
  data_type: z.enum(dataTypes).optional(),
  nullable: z.boolean().optional(),
  precision: z.number().int().nonnegative().optional(),
  scale: z.number().int().nonnegative().optional(),
  timezone: z.boolean().optional(),
  description: z.string().optional(),
  primary_key: z.boolean().optional(),
  merge_key: z.boolean().optional(),
  unique: z.boolean().optional(),
  sort: z.boolean().optional(),
  partition: z.boolean().optional(),
  cluster: z.boolean().optional(),
  hard_delete: z.boolean().optional(),
  dedup_sort: z.enum(['asc', 'desc']).optional(),
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
export const columnHints = z.union([
  z.record(z.string(), columnHint),
  columnHintList.transform((list) => Object.fromEntries(list.map((hint) => [hint.name ?? '', hint]))),
]);

const contractMode = z.enum(['evolve', 'freeze', 'discard_row', 'discard_value']);

/** One mode for all three entities, or a mode each. */
export const schemaContract = z.union([
  contractMode,
  z.strictObject({
    tables: contractMode.optional(),
    columns: contractMode.optional(),
    data_type: contractMode.optional(),
  }),
]);

export const keyColumns = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((key) => (typeof key === 'string' ? [key] : key));

const versioned = z.strictObject({
  disposition: z.literal('merge'),
  strategy: z.enum(versionStrategies),
  validity_column_names: z.tuple([z.string(), z.string()]).optional(),
  active_record_timestamp: z.string().nullable().optional(),
  boundary_timestamp: z.string().nullable().optional(),
  row_version_column_name: z.string().optional(),
});

const disposition = z.enum(writeDispositions);

/** A name, or an object with the merge strategy; always an object afterwards. */
export const writeDisposition = z.union([
  disposition.transform((disposition) => ({ disposition }) as const),
  z.strictObject({ disposition: disposition.exclude(['merge']) }),
  z.strictObject({
    disposition: z.literal('merge'),
    strategy: z.enum(keyStrategies).optional(),
    deduplicated: z.boolean().optional(),
  }),
  versioned,
]);

export const nestedHint = z.strictObject({
  columns: columnHints.optional(),
  primary_key: keyColumns.optional(),
  merge_key: keyColumns.optional(),
  schema_contract: schemaContract.optional(),
  max_table_nesting: z.number().int().nonnegative().optional(),
  description: z.string().optional(),
});
