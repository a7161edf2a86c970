import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { StoredSchema } from '../schema/table-schema.ts';
import { schemaFilePath } from './parse-schema-file.ts';
import { schemaFileContent, withoutProcessingHints } from './schema-file.ts';
import { readIfThere, writeSchemaFile } from './schema-file-io.ts';
import { schemaYaml } from './schema-yaml.ts';

/**
 * Writes the schema that a run published into `<folder>/<source>.schema.yaml`, as dlt does, where that says something else.
 * In the folder of imported files it leaves out what only the normalizer knows.
 */
export async function exportSchema(
  { pipeline, source }: PipelineConfig,
  folder: string,
  stored: StoredSchema,
): Promise<void> {
  const shared = pipeline.import_schema_path === folder;
  const text = schemaYaml(schemaFileContent(shared ? withoutProcessingHints(stored) : stored));
  const file = schemaFilePath(folder, source.name);
  if ((await readIfThere(file)) !== text) await writeSchemaFile(file, text);
}
