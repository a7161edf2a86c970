import type { StoredBooks } from '../destinations/destination.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { exitCodes, PipelineError } from '../errors.ts';
import { changesText } from '../report/changes-text.ts';
import { dbml } from '../report/dbml.ts';
import { jsonDocument } from '../report/json-report.ts';
import { mermaidDiagram } from '../report/mermaid.ts';
import { diagramOf } from '../report/schema-diagram.ts';
import { schemaFileContent } from '../schema-files/schema-file.ts';
import { schemaYaml } from '../schema-files/schema-yaml.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import type { CommonOptions, Terminal } from './terminal.ts';

export type SchemaFormat = 'yaml' | 'text' | 'json' | 'mermaid' | 'dbml';

interface SchemaOptions extends CommonOptions {
  readonly changes?: boolean;
  readonly format?: SchemaFormat;
}

/** `dezgo-elt schema`: the stored schema document as dlt prints it, or with `--changes` what led to it. Changes nothing. */
export async function schemaCommand(terminal: Terminal, options: SchemaOptions): Promise<number> {
  checkFormat(options);
  const log = openLog(terminal, options);
  const config = await loadProject(terminal, options, log);
  const books = await destinationOf(config).books();
  const { changes = false, format } = options;
  terminal.print(changes ? shownChanges(books, format) : shownSchema(books, config.pipeline.dataset_name, format));
  return exitCodes.ok;
}

function shownSchema({ schema }: StoredBooks, dataset: string, format: SchemaFormat = 'yaml'): string {
  if (format === 'mermaid') return schema === undefined ? '%% No loads yet.' : mermaidDiagram(diagramOf(schema));
  if (format === 'dbml') return schema === undefined ? '// No loads yet.' : dbml(dataset, diagramOf(schema));
  const content = schema === undefined ? undefined : schemaFileContent(schema);
  if (format === 'json') return jsonDocument(content ?? null);
  return content === undefined ? '# No loads yet.' : schemaYaml(content).trimEnd();
}

function shownChanges({ schema, changes }: StoredBooks, format: SchemaFormat = 'text'): string {
  if (format === 'json') return jsonDocument(changes);
  if (changes.length > 0) return changesText(changes);
  return schema === undefined ? 'No loads yet.' : 'No schema changes.';
}

function checkFormat({ changes = false, format }: SchemaOptions): void {
  if (format === undefined || (changes ? ['text', 'json'].includes(format) : format !== 'text')) return;
  throw new PipelineError({
    code: 'UsageInvalid',
    message: changes ? `\`--changes\` has no form \`${format}\`.` : '`--format text` is only for `--changes`.',
    hint: changes ? 'Use --format text or json.' : 'Use --format yaml, json, mermaid or dbml.',
    facts: { format },
  });
}
