import { Argument, Option } from 'commander';
import type { SchemaFormat } from '../schema.ts';
import { type CommandEntry, runOf } from './entry.ts';

export const schemaEntry: CommandEntry = {
  name: 'schema',
  group: 'look',
  summary: 'print the stored schema, a diagram of it, or what changes in it',
  description:
    'Print the stored schema document as dlt-style YAML, or its tables as a diagram: `mermaid` for Markdown, `dbml` for dbdiagram.io. The destination is only read; a run that is going on is left alone.',
  operands: [new Argument('[resource...]', 'with --diff, those that are meant; else those that `run` loads')],
  options: [
    new Option('--changes', 'list the changes of tables and columns instead, the newest load first'),
    new Option(
      '--diff',
      'list what the configuration, with the schema file it imports, would change instead',
    ).conflicts('changes'),
    new Option('--format <format>', 'yaml, json, mermaid or dbml; with --changes and --diff text or json').choices([
      'yaml',
      'text',
      'json',
      'mermaid',
      'dbml',
    ]),
  ],
  example: ['dezgo-elt schema --format mermaid > schema.mmd', 'dezgo-elt schema --diff'],
  run: runOf<{ changes?: boolean; diff?: boolean; format?: SchemaFormat }>(
    async () => (await import('../schema.ts')).schemaCommand,
  ),
};
