import type { PipelineConfig, ResolvedResource } from '../config/pipeline-config.ts';
import type { ImportedSchema, KnownDataset } from '../schema-files/import-schema.ts';
import type { Run } from './open-run.ts';

// Few configurations name folders for schema files: only those load what reads and writes them.

/** What the file of `import_schema_path` adds to a run. Throws ConfigInvalid for a file, or a folder, that is no good. */
export async function importedSchema(config: PipelineConfig): Promise<ImportedSchema> {
  const { import_schema_path: from, export_schema_path: to } = config.pipeline;
  if (to !== undefined) await (await import('../schema-files/schema-file-io.ts')).checkFolder(to, 'export_schema_path');
  if (from !== undefined) return (await import('../schema-files/import-schema.ts')).importSchema(config, from);
  return { config, known: async (published) => ({ published, extracted: async () => undefined }) };
}

/**
 * What records have to fit, before anything is requested. Throws ConfigInvalid for a folder that cannot be made, and for a
 * schema file that does not fit what is published.
 */
export async function knownDataset(
  run: Run,
  imported: ImportedSchema,
  resources: readonly ResolvedResource[],
): Promise<KnownDataset> {
  const folder = run.config.pipeline.export_schema_path;
  if (folder !== undefined)
    await (await import('../schema-files/schema-file-io.ts')).prepareFolder(folder, 'export_schema_path');
  return imported.known(await run.destination.read(), resources);
}

/** What a run published, for the folder of `export_schema_path`. */
export async function exportPublished(run: Run): Promise<void> {
  const folder = run.config.pipeline.export_schema_path;
  if (folder === undefined || !run.trace.published) return;
  const stored = (await run.destination.read())?.stored;
  if (stored === undefined) return;
  await (await import('../schema-files/export-schema.ts')).exportSchema(run.config, folder, stored);
}
