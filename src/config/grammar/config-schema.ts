import { z } from 'zod';
import type { WithSecrets } from '../secret-reference.ts';
import { about } from './about.ts';
import { clientSchema } from './client-schema.ts';
import { destinationSchema } from './destination-schema.ts';
import { pipelineExpectations } from './expectations-schema.ts';
import { hintsOfSource } from './hints-schema.ts';
import { pingSchema } from './hook-schema.ts';
import { amount } from './money-schema.ts';
import { notifySchema } from './notify-schema.ts';
import { openLineageSchema } from './openlineage-schema.ts';
import { resourceSchema } from './resource-schema.ts';
import { secretsSchema } from './secret-schema.ts';
import { age, duration, timeLimit } from './units.ts';
import { viewsSchema } from './views-schema.ts';

const publish = z.strictObject({
  mode: about(
    '`swap` loads into a working copy and renames it; `in_place` loads into the live file itself, if it is too large to copy',
    z.enum(['swap', 'in_place']).default('swap'),
  ),
  on_writer: about(
    'When another program holds the file for writing: `wait` for it, or `swap` all the same',
    z.enum(['wait', 'swap']).default('wait'),
  ),
  wait: about('How long another writer is waited for. Default `60s`', duration.default(60_000)),
  snapshots: about(
    'Keeps the files that loads replace, beside the live file: `dezgo-elt rollback` puts one back',
    z.strictObject({ keep: about('How many', z.number().int().positive()) }).optional(),
  ),
});

const pipeline = z.strictObject({
  name: about(
    'Name of the pipeline: lower-case letters, digits and `_`',
    z.string().regex(/^[a-z][a-z0-9_]*$/, 'expected lower-case letters, digits and `_`, a letter first'),
  ),
  dataset_name: about(
    "The schema inside the live file; not the file's own name. Default `<name>_dataset`",
    z.string().min(1).optional(),
  ),
  destination: about('Where the rows go: `duckdb`, or a mapping', destinationSchema.default({ type: 'duckdb' })),
  working_dir: about(
    'Folder of load packages, ledger and replies that were paid for until they are loaded; else safe to delete when no run is going on',
    z.string().min(1).default('.dezgo-elt'),
  ),
  publish: about('How a load takes the place of the file before it', publish.prefault({})),
  expectations: about(
    'What has to be true of the dataset before any load is published',
    pipelineExpectations.optional(),
  ),
  timeout: about('How long a run may take, waits and retries included', timeLimit.optional()),
  max_cost: about(
    'The most that paid requests may cost in one run, in `client.currency`; it stops before the one that would be too much',
    amount.optional(),
  ),
  on_resource_failure: about(
    '`fail`: nothing is published when a resource fails; `continue`: the other resources are',
    z.enum(['fail', 'continue']).default('fail'),
  ),
  resume_within: about(
    'How old an interrupted extraction may be to be continued. Default `1h`',
    age.default(3_600_000),
  ),
  keep_packages: about('How many loaded packages are kept for a look', z.number().int().nonnegative().default(3)),
  keep_runs: about(
    'How many runs of the pipeline are remembered in `runs.jsonl` and in the ledger',
    z.number().int().positive().default(1000),
  ),
  archive: about(
    'Keeps every reply in the working folder for so long: `dezgo-elt replay` loads them again',
    z.strictObject({ keep: about('How long: `7d`', age) }).optional(),
  ),
  views: about('Views of the dataset, by name: what they select', viewsSchema.optional()),
  max_columns: about('The most columns of one table', z.number().int().positive().default(2000)),
  import_schema_path: about(
    "Folder of a schema file in dlt's YAML that adds to this one",
    z.string().min(1).optional(),
  ),
  export_schema_path: about("Folder that gets the stored schema in dlt's YAML", z.string().min(1).optional()),
  notify: about('Who is told when a run fails, and of what else; one or a list', notifySchema.optional()),
  ping: about(
    'An address in the manner of healthchecks.io: `/start` is told when a run begins, `/<exit code>` when it ends',
    pingSchema.optional(),
  ),
  metrics_file: about(
    "File of metrics, written after each run: for node_exporter, `*.prom` in its textfile collector's folder",
    z.string().min(1).optional(),
  ),
  openlineage: about('Who gets OpenLineage events of a run', openLineageSchema.optional()),
});

const resourceName = z.string().transform((name) => resourceSchema.parse({ name }));

const source = z.strictObject({
  name: about('Name of the source: the section of its secrets, and of the schema', z.string().min(1)),
  client: about('What all requests share', clientSchema.optional()),
  resource_defaults: about(
    'Keys of every resource; what a resource says itself wins',
    resourceSchema.partial().optional(),
  ),
  resources: about('What is loaded, a table each', z.array(z.union([resourceName, resourceSchema])).min(1)),
  ...hintsOfSource,
});

/** The whole file. `resource_defaults` are merged into the resources before this schema sees them. */
export const configSchema = z.strictObject({
  pipeline: about('The run: its name, where the rows go, how they are published', pipeline),
  source: about("What is requested, in the grammar of dlt's REST API source", source),
  secrets: about('Where secrets come from that neither the environment nor a file has', secretsSchema.prefault({})),
});

export type ConfigFile = WithSecrets<z.output<typeof configSchema>>;
export type ConfigFileInput = z.input<typeof configSchema>;
