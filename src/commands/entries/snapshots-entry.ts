import { InvalidArgumentError, Option } from 'commander';
import type { ListFormat, OutputFormat } from '../terminal.ts';
import { type CommandEntry, formatOption, listFormatOption, runOf, yesOption } from './entry.ts';

const list: CommandEntry = {
  name: 'list',
  summary: 'which there are: load, time, rows, size',
  description: 'List the snapshots of this dataset, the one that was taken last first. Opens none of them.',
  options: [listFormatOption()],
  example: ['dezgo-elt snapshots list', 'dezgo-elt snapshots list --format json'],
  run: runOf<{ format: ListFormat }>(async () => (await import('../snapshots.ts')).listSnapshotsCommand),
};

const prune: CommandEntry = {
  name: 'prune',
  summary: 'remove the oldest',
  description: 'Remove all snapshots of this dataset but those that were taken last. Asks before, or needs `--yes`.',
  options: [
    new Option('--keep <number>', 'how many stay (default: `pipeline.publish.snapshots.keep`)').argParser(wholeNumber),
    yesOption(),
    formatOption(),
  ],
  example: ['dezgo-elt snapshots prune --keep 3 --yes'],
  run: runOf<{ format: OutputFormat; keep?: string; yes?: boolean }>(
    async () => (await import('../snapshots.ts')).pruneSnapshotsCommand,
  ),
};

export const snapshotsEntry: CommandEntry = {
  name: 'snapshots',
  group: 'repair',
  summary: 'list or prune the files that loads replaced',
  description:
    'Snapshots of a DuckDB file: the live file as it was before each of the last loads, kept where `pipeline.publish.snapshots` says so.',
  subcommands: [list, prune],
};

function wholeNumber(text: string): string {
  if (/^\d{1,9}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected a whole number.');
}
