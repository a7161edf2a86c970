import { Argument } from 'commander';
import type { OutputFormat } from '../terminal.ts';
import { type CommandEntry, formatOption, runOf } from './entry.ts';

export const checkEntry: CommandEntry = {
  name: 'check',
  group: 'look',
  summary: 'ask the source once for each resource, write nothing',
  description:
    'Ask the source for the first page of each selected or named resource, as a run would: does it let us in, how fast is it, what is left on the account, is something found in the reply. Writes nothing, and asks for nothing that costs money or may change something. Exits as a run would: 4, 5, 8.',
  operands: [new Argument('[resource...]', 'names from the configuration')],
  options: [formatOption()],
  example: ['dezgo-elt check', 'dezgo-elt check models --format json'],
  run: runOf<{ format: OutputFormat }>(async () => (await import('../check.ts')).checkCommand),
};
