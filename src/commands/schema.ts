import type { StoredBooks } from '../destinations/destination.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { realEffects } from '../effects.ts';
import { exitCodes, PipelineError } from '../errors.ts';
import type { PlannedChange } from '../planned-run.ts';
import { changesText } from '../report/changes-text.ts';
import { dbml } from '../report/dbml.ts';
import { failureMembers, jsonDocument } from '../report/json-report.ts';
import { mermaidDiagram } from '../report/mermaid.ts';
import { plannedChangeLines } from '../report/planned-changes-text.ts';
import { diagramOf } from '../report/schema-diagram.ts';
import { schemaDiff } from '../run/schema-diff.ts';
import { schemaFileContent } from '../schema-files/schema-file.ts';
import { schemaYaml } from '../schema-files/schema-yaml.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import type { CommonOptions, Terminal } from './terminal.ts';

export type SchemaFormat = 'yaml' | 'text' | 'json' | 'mermaid' | 'dbml';

interface SchemaOptions extends CommonOptions {
  readonly changes?: boolean;
  readonly diff?: boolean;
  readonly format?: SchemaFormat;
}

/** `dezgo-elt schema`: the stored schema document as dlt prints it, with `--changes` what led to it, with `--diff` what the configuration would change. Changes nothing. */
export async function schemaCommand(
  terminal: Terminal,
  options: SchemaOptions,
  resources: readonly string[],
): Promise<number> {
  checkFormat(options);
  if (resources.length > 0 && options.diff !== true) throw onlyForDiff(resources);
  const log = openLog(terminal, options);
  const config = await loadProject(terminal, options, log);
  const { changes = false, diff = false, format } = options;
  if (diff) {
    const effects = { ...realEffects, env: terminal.env, log };
    terminal.print(shownDiff(await schemaDiff(config, resources, { effects, signal: terminal.signal }), format));
    return exitCodes.ok;
  }
  const books = await destinationOf(config).books();
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

function shownDiff(changes: readonly PlannedChange[], format: SchemaFormat = 'text'): string {
  if (format === 'json') return jsonDocument({ changes, ...failureMembers(undefined) });
  if (changes.length === 0) return 'The configuration changes nothing in the tables.';
  return ['The next load would change, as far as the configuration tells:', ...plannedChangeLines(changes)].join('\n');
}

function checkFormat({ changes = false, diff = false, format }: SchemaOptions): void {
  const option = changes ? '--changes' : diff ? '--diff' : undefined;
  if (format === undefined || (option === undefined ? format !== 'text' : ['text', 'json'].includes(format))) return;
  throw new PipelineError({
    code: 'UsageInvalid',
    message:
      option === undefined
        ? '`--format text` is only for `--changes` and `--diff`.'
        : `\`${option}\` has no form \`${format}\`.`,
    hint: option === undefined ? 'Use --format yaml, json, mermaid or dbml.' : 'Use --format text or json.',
    facts: { format },
  });
}

function onlyForDiff(resources: readonly string[]): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: 'Resources are only for `--diff`.',
    hint: `What would change in their tables: dezgo-elt schema --diff ${resources.join(' ')}`,
    facts: { resources },
  });
}
