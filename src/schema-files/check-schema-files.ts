import type { PipelineConfig } from '../config/pipeline-config.ts';

/** What can be said of schema files and their folders without a destination. Throws ConfigInvalid with every problem. */
export async function checkSchemaFiles(config: PipelineConfig): Promise<void> {
  const { import_schema_path: from, export_schema_path: to } = config.pipeline;
  if (from !== undefined) await (await import('./import-schema.ts')).checkSchemaFile(config, from);
  if (to !== undefined) await (await import('./schema-file-io.ts')).checkFolder(to, 'export_schema_path');
}
