import { readPublished } from '../run/known-schema.ts';
import type { Run } from '../run/open-run.ts';
import { schemaFilePath } from './parse-schema-file.ts';
import { schemaFileContent, withoutProcessingHints } from './schema-file.ts';
import { readIfThere, writeSchemaFile } from './schema-file-io.ts';
import { schemaYaml } from './schema-yaml.ts';

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
