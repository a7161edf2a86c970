import { Option } from 'commander';
import type { OutputFormat } from '../terminal.ts';
import { type CommandEntry, formatOption, runOf } from './entry.ts';

export const doctorEntry: CommandEntry = {
  name: 'doctor',
  group: 'repair',
  summary: 'look for what could keep a run from working',
  description:
    'Look at all that a run depends on: versions, configuration, keys (never shown), proxy, folders and their rights, run lock, destination, what killed runs left, free disk. Changes nothing. Each line is ok, warn or fail, with what to do; exits with the code of the first failure.',
  options: [
    formatOption(),
    new Option('--online', 'ask the source, too, without a key: does it answer, and does the clock agree'),
  ],
  example: ['dezgo-elt doctor', 'dezgo-elt doctor --online --format json'],
  run: runOf<{ format: OutputFormat; online?: boolean }>(async () => (await import('../doctor.ts')).doctorCommand),
};
