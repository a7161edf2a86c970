import type { ResolvedResource } from '../config/pipeline-config.ts';
import type { StoredDataset } from '../load/stored-dataset.ts';
import type { Run } from './open-run.ts';

// Few configurations name folders for schema files: only those load what reads and writes them.

/** A run with what the schema file of `import_schema_path` adds to its configuration. */
interface RunWithSchema {
  readonly run: Run;
  readonly resources: readonly ResolvedResource[];
  readonly published: StoredDataset | undefined;
  /** To be called when the resources were extracted. */
  readonly extracted: () => Promise<void>;
}

/** Before anything is requested. Throws ConfigInvalid for a file, or a folder, that is no good. */
export async function withSchemaFiles(
  run: Run,
  resources: readonly ResolvedResource[],
  published: StoredDataset | undefined,
): Promise<RunWithSchema> {
  const { import_schema_path: from, export_schema_path: to } = run.config.pipeline;
  if (to !== undefined)
    await (await import('../schema-files/schema-file-io.ts')).prepareFolder(to, 'export_schema_path');
  if (from === undefined) return { run, resources, published, extracted: async () => undefined };
  const { importSchema } = await import('../schema-files/import-schema.ts');
  const { config, ...imported } = await importSchema(run.config, from, resources, published);
  const names = new Set(resources.map(({ name }) => name));
  const hinted = config.source.resources.filter(({ name }) => names.has(name));
  return { run: { ...run, config }, resources: hinted, ...imported };
}

/** What a run published, for the folder of `export_schema_path`. */
export async function exportPublished(run: Run): Promise<void> {
  const folder = run.config.pipeline.export_schema_path;
  if (folder === undefined || !run.trace.published) return;
  const stored = (await run.destination.read())?.stored;
  if (stored === undefined) return;
  await (await import('../schema-files/export-schema.ts')).exportSchema(run.config, folder, stored);
}
