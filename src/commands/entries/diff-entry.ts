import { Argument, InvalidArgumentError, Option } from 'commander';
import type { OutputFormat } from '../terminal.ts';
import { type CommandEntry, formatOption, runOf } from './entry.ts';

export const diffEntry: CommandEntry = {
  name: 'diff',
  group: 'repair',
  summary: 'compare the tables of two snapshots, or of one with the live file',
  description:
    'Show the rows that were added, removed and changed between two states of the dataset: by the primary key of a table, and where it has none by whole rows. Ids that each load makes anew are not compared. Both files are opened read-only.',
  operands: [
    new Argument('<before>', 'the load id of a snapshot, `live`, or the path of a DuckDB file'),
    new Argument('[after]', 'the same').default('live'),
  ],
  options: [
    new Option('--table <name>', 'only this table'),
    new Option('--limit <number>', 'rows of each kind that are shown').argParser(wholeNumber).default(5),
    formatOption(),
  ],
  example: ['dezgo-elt diff 1749667187.541553', 'dezgo-elt diff 1749667187.541553 live --table models --limit 20'],
  run: runOf<{ format: OutputFormat; table?: string; limit: number }>(
    async () => (await import('../diff.ts')).diffCommand,
  ),
};

function wholeNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number.');
}
