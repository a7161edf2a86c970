import type { PipelineConfig, ResolvedResource } from '../config/pipeline-config.ts';
import type { Destination } from '../destinations/duckdb/read-destination.ts';
import type { Run } from '../run/open-run.ts';

// Few configurations name folders for schema files: only those load what reads and writes them.

/** A run with what the schema file of `import_schema_path` adds to its configuration. */
interface RunWithSchema {
  readonly run: Run;
  readonly resources: readonly ResolvedResource[];
  readonly published: Destination | undefined;
  /** To be called when the resources were extracted. */
  readonly extracted: () => Promise<void>;
}

/** Before anything is requested. Throws ConfigInvalid for a file, or a folder, that is no good. */
export async function withSchemaFiles(
  run: Run,
  resources: readonly ResolvedResource[],
  published: Destination | undefined,
): Promise<RunWithSchema> {
  const { import_schema_path: from, export_schema_path: to } = run.config.pipeline;
  if (to !== undefined) await (await import('./schema-file-io.ts')).prepareFolder(to, 'export_schema_path');
  if (from === undefined) return { run, resources, published, extracted: async () => undefined };
  const { importSchema } = await import('./import-schema.ts');
  const { config, ...imported } = await importSchema(run.config, from, resources, published);
  const names = new Set(resources.map(({ name }) => name));
  const hinted = config.source.resources.filter(({ name }) => names.has(name));
  return { run: { ...run, config }, resources: hinted, ...imported };
}

/** What a run published, for the folder of `export_schema_path`. */
export async function exportPublished(run: Run): Promise<void> {
  const folder = run.config.pipeline.export_schema_path;
  if (folder === undefined || !run.trace.published) return;
  await (await import('./export-schema.ts')).exportSchema(run, folder);
}

/** What can be said of schema files and their folders without a destination. Throws ConfigInvalid with every problem. */
export async function checkSchemaFiles(config: PipelineConfig): Promise<void> {
  const { import_schema_path: from, export_schema_path: to } = config.pipeline;
  if (from !== undefined) await (await import('./import-schema.ts')).checkSchemaFile(config, from);
  if (to !== undefined) await (await import('./schema-file-io.ts')).checkFolder(to, 'export_schema_path');
}
