import { schemaFilePath } from '../config/schema-file.ts';
import { schemaYaml } from '../report/schema-yaml.ts';
import { schemaFileContent, withoutProcessingHints } from '../schema/schema-file.ts';
import { readPublished } from './known-schema.ts';
import type { Run } from './run.ts';
import { readIfThere, writeSchemaFile } from './schema-file-io.ts';

/**
 * Writes the schema of the published file into `<folder>/<source>.schema.yaml`, as dlt does, where that says something else.
 * In the folder of imported files it leaves out what only the normalizer knows.
 */
export async function exportSchema(run: Run, folder: string): Promise<void> {
  const stored = (await readPublished(run))?.stored;
  if (stored === undefined) return;
  const shared = run.config.pipeline.import_schema_path === folder;
  const text = schemaYaml(schemaFileContent(shared ? withoutProcessingHints(stored) : stored));
  const file = schemaFilePath(folder, run.config.source.name);
  if ((await readIfThere(file)) !== text) await writeSchemaFile(file, text);
}
