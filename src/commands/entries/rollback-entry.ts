import { Argument, Option } from 'commander';
import type { OutputFormat } from '../terminal.ts';
import { type CommandEntry, formatOption, runOf, yesOption } from './entry.ts';

export const rollbackEntry: CommandEntry = {
  name: 'rollback',
  group: 'repair',
  summary: 'put a snapshot in the place of the live file',
  description:
    'Put a snapshot in the place of the live DuckDB file, as a load does: readers are not disturbed, and the file that was there becomes a snapshot, so that the same command takes it back. Asks before, or needs `--yes`.',
  operands: [new Argument('[load]', 'from `dezgo-elt snapshots list`; default: the one that was taken last')],
  options: [
    new Option('--whole-file', 'also where other datasets in the file changed since'),
    yesOption(),
    formatOption(),
  ],
  example: ['dezgo-elt rollback', 'dezgo-elt rollback 1749667187.541553 --yes'],
  run: runOf<{ format: OutputFormat; wholeFile?: boolean; yes?: boolean }>(
    async () => (await import('../rollback.ts')).rollbackCommand,
  ),
};
