import { z } from 'zod';
import type { WithSecrets } from '../secret-reference.ts';
import { clientSchema } from './client-schema.ts';
import { schemaContract } from './hints-schema.ts';
import { resourceSchema } from './resource-schema.ts';
import { age, duration, timeLimit } from './units.ts';

const destinationObject = z.strictObject({
  type: z.literal('duckdb').default('duckdb'),
  path: z.string().min(1).optional(),
  replace_strategy: z.enum(['truncate-and-insert', 'insert-from-staging', 'staging-optimized']).optional(),
});

const destination = z.union([
  z.literal('duckdb').transform((type) => destinationObject.parse({ type })),
  destinationObject,
]);

const publish = z.strictObject({
  mode: z.enum(['swap', 'in_place']).default('swap'),
  on_writer: z.enum(['wait', 'swap']).default('wait'),
  wait: duration.default(60_000),
});

const pipeline = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/, 'expected lower-case letters, digits and `_`, a letter first'),
  dataset_name: z.string().min(1).optional(),
  destination: destination.default({ type: 'duckdb' }),
  working_dir: z.string().min(1).default('.dezgo-elt'),
  publish: publish.prefault({}),
  timeout: timeLimit.optional(),
  on_resource_failure: z.enum(['fail', 'continue']).default('fail'),
  resume_within: age.default(3_600_000),
  keep_packages: z.number().int().nonnegative().default(3),
  max_columns: z.number().int().positive().default(2000),
  import_schema_path: z.string().min(1).optional(),
  export_schema_path: z.string().min(1).optional(),
});

/** The whole file. `resource_defaults` are merged into the resources before this schema sees them. */
export const configSchema = z.strictObject({
  pipeline,
  source: z.strictObject({
    name: z.string().min(1),
    client: clientSchema.optional(),
    resource_defaults: resourceSchema.partial().optional(),
    resources: z
      .array(z.union([z.string().transform((name) => resourceSchema.parse({ name })), resourceSchema]))
      .min(1),
    max_table_nesting: z.number().int().nonnegative().optional(),
    schema_contract: schemaContract.optional(),
    root_key: z.boolean().optional(),
  }),
});

export type ConfigFile = WithSecrets<z.output<typeof configSchema>>;
export type ConfigFileInput = z.input<typeof configSchema>;
