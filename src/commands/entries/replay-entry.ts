import { Argument } from 'commander';
import type { OutputFormat } from '../terminal.ts';
import { type CommandEntry, formatOption, runOf } from './entry.ts';

export const replayEntry: CommandEntry = {
  name: 'replay',
  group: 'run',
  summary: 'load the archived replies of a run again',
  description:
    'Load again what a run loaded, from its archived replies (`pipeline.archive`), with the configuration as it is now. Nothing is asked of the source, and where incremental resources go on stays as it is.',
  operands: [new Argument('<load-id>', 'of the run: `dezgo-elt info` shows those of the last loads')],
  options: [formatOption()],
  run: runOf<{ format: OutputFormat }>(async () => (await import('../replay.ts')).replayCommand),
};
