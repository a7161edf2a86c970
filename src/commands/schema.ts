import { readDataset } from '../destinations/duckdb/read-dataset.ts';
import { changesText, readStoredChanges, type StoredChange } from '../destinations/duckdb/stored-changes.ts';
import { ReadOnlyFile } from '../duckdb/read-only-file.ts';
import { exitCodes, PipelineError } from '../errors.ts';
import { jsonDocument } from '../report/json-report.ts';
import { SCHEMA_CHANGES_TABLE } from '../schema/names.ts';
import { type SchemaFileContent, schemaFileContent } from '../schema-files/schema-file.ts';
import { schemaYaml } from '../schema-files/schema-yaml.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import type { CommonOptions, Terminal } from './terminal.ts';

export type SchemaFormat = 'yaml' | 'text' | 'json';

interface SchemaOptions extends CommonOptions {
  readonly changes?: boolean;
  readonly format?: SchemaFormat;
}

/** What a published file tells of its schema; undefined where it has none yet. */
interface StoredSchemaBooks {
  readonly content: SchemaFileContent | undefined;
  readonly changes: readonly StoredChange[];
}

/** `dezgo-elt schema`: the stored schema document as dlt prints it, or with `--changes` what led to it. Changes nothing. */
export async function schemaCommand(terminal: Terminal, options: SchemaOptions): Promise<number> {
  checkFormat(options);
  const log = openLog(terminal, { ...options, quiet: false });
  const { pipeline, source } = await loadProject(terminal, options, log);
  const books = await readBooks(pipeline.destination.path, {
    dataset: pipeline.dataset_name,
    schemaName: source.name,
    pipelineName: pipeline.name,
  });
  terminal.print(options.changes === true ? shownChanges(books, options.format) : shownSchema(books, options.format));
  return exitCodes.ok;
}

function shownSchema({ content }: StoredSchemaBooks, format: SchemaFormat = 'yaml'): string {
  if (format === 'json') return jsonDocument(content ?? null);
  return content === undefined ? 'No loads yet.' : schemaYaml(content).trimEnd();
}

function shownChanges({ content, changes }: StoredSchemaBooks, format: SchemaFormat = 'text'): string {
  if (format === 'json') return jsonDocument(changes);
  if (changes.length > 0) return changesText(changes);
  return content === undefined ? 'No loads yet.' : 'No schema changes.';
}

function checkFormat({ changes = false, format }: SchemaOptions): void {
  if (format !== (changes ? 'yaml' : 'text')) return;
  throw new PipelineError({
    code: 'UsageInvalid',
    message: changes ? '`--changes` has no form `yaml`' : '`--format text` is only for `--changes`',
    hint: changes ? 'Use --format text or json.' : 'Use --format yaml or json.',
    facts: { format },
  });
}

async function readBooks(path: string, names: Parameters<typeof readDataset>[2]): Promise<StoredSchemaBooks> {
  const file = await ReadOnlyFile.openIfThere(path);
  if (file === undefined) return { content: undefined, changes: [] };
  try {
    const { stored, tables } = await readDataset(file.connection, file.catalog, names);
    return {
      content: stored === undefined ? undefined : schemaFileContent(stored),
      changes: tables.has(SCHEMA_CHANGES_TABLE) ? await readStoredChanges(file, names.dataset) : [],
    };
  } catch (error) {
    throw file.tell(error);
  } finally {
    file.close();
  }
}
