import type { OutputFormat } from '../terminal.ts';
import { type CommandEntry, formatOption, runOf } from './entry.ts';

export const infoEntry: CommandEntry = {
  name: 'info',
  group: 'look',
  summary: 'show last loads, row counts, pending packages',
  description: 'Show what the DuckDB file holds. It is opened read-only; a run that is going on is left alone.',
  options: [formatOption()],
  run: runOf<{ format: OutputFormat }>(async () => (await import('../info.ts')).infoCommand),
};
