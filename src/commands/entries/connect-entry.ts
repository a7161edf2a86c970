import { Option } from 'commander';
import type { ConnectOptions } from '../connect.ts';
import { type CommandEntry, formatOption, runOf } from './entry.ts';

export const connectEntry: CommandEntry = {
  name: 'connect',
  group: 'ask',
  summary: 'print how another program opens the DuckDB file',
  description:
    'Print what opens this DuckDB file read-only in another program, and what that program does to see a newer load.',
  options: [
    new Option('--for <client>', 'the program')
      .choices(['python', 'sql', 'node', 'r', 'jdbc', 'grafana'])
      .makeOptionMandatory(),
    formatOption(),
  ],
  example: ['dezgo-elt connect --for python > look.py && python look.py'],
  run: runOf<ConnectOptions>(async () => (await import('../connect.ts')).connectCommand),
};
