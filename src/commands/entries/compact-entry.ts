import { Option } from 'commander';
import type { OutputFormat } from '../terminal.ts';
import { type CommandEntry, formatOption, runOf } from './entry.ts';
import { countFrom1 } from './option-values.ts';

export const compactEntry: CommandEntry = {
  name: 'compact',
  group: 'operate',
  summary: 'merge the small files of a lake, delete what nobody needs',
  description:
    'For `destination: ducklake`: merge small Parquet files, forget old snapshots, then delete files that no snapshot needs any more, and those of loads that came to nothing (when they are a day old). Readers are not disturbed; who reads an old snapshot loses it.',
  options: [
    new Option('--older-than <duration>', 'what is younger stays').default('7d'),
    new Option('--keep <number>', 'snapshots that stay, however old they are').argParser(countFrom1).default(1),
    formatOption(),
  ],
  example: ['dezgo-elt compact', 'dezgo-elt compact --older-than 0s --keep 3'],
  run: runOf<{ format: OutputFormat; olderThan: string; keep: number }>(
    async () => (await import('../compact.ts')).compactCommand,
  ),
};
