import { Argument, Option } from 'commander';
import type { OutputFormat } from '../terminal.ts';
import { type CommandEntry, formatOption, runOf } from './entry.ts';
import { countFrom1 } from './option-values.ts';

export const previewEntry: CommandEntry = {
  name: 'preview',
  group: 'look',
  summary: 'show the first rows of a resource and its tables, load nothing',
  description:
    'Ask the source for the first records of a resource, and show the rows and the `create table` statements that a first run would make of them. Nothing is loaded or written down; what costs money or may change something is not asked for.',
  operands: [new Argument('<resource>', 'name from the configuration, also one with `selected: false`')],
  options: [new Option('-n, --limit <rows>', 'how many').argParser(countFrom1).default(20), formatOption()],
  example: ['dezgo-elt preview models -n 5', 'dezgo-elt preview models --format json'],
  run: runOf<{ format: OutputFormat; limit: number }>(async () => (await import('../preview.ts')).previewCommand),
};
