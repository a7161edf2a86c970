import { Option } from 'commander';
import type { TypesOptions } from '../types.ts';
import { type CommandEntry, runOf } from './entry.ts';

export const typesEntry: CommandEntry = {
  name: 'types',
  group: 'ask',
  summary: 'print TypeScript declarations of the tables',
  description:
    'Print TypeScript declarations of the tables and views in the destination: an interface for the rows of each, and `Tables` for `dataset<Tables>(config)`.',
  options: [
    new Option('--format <format>', 'form of the declarations').choices(['ts', 'json']).default('ts'),
    new Option('--to <file>', 'write them to a file'),
  ],
  example: ['dezgo-elt types --to src/tables.ts'],
  run: runOf<TypesOptions>(async () => (await import('../types.ts')).typesCommand),
};
