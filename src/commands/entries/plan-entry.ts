import { Argument, Option } from 'commander';
import type { RunScope } from '../../run/run-scope.ts';
import type { OutputFormat } from '../terminal.ts';
import { type CommandEntry, formatOption, fullRefreshOption, listed, runOf } from './entry.ts';

export const planEntry: CommandEntry = {
  name: 'plan',
  group: 'look',
  summary: 'show what a run would ask for, and what that would cost',
  description:
    'Show what a run of the selected or named resources would ask for, and what that would cost. Sends nothing, writes nothing.',
  operands: [new Argument('[resource...]', 'names from the configuration')],
  options: [
    formatOption(),
    new Option('--max-cost <amount>', 'the limit of that run'),
    new Option('--exclude <resource>', 'as a run with it would').argParser(listed),
    fullRefreshOption('as a run with it would'),
    new Option('--from <value>', 'as a run with it would'),
    new Option('--to <value>', 'as a run with it would'),
  ],
  run: runOf<RunScope & { format: OutputFormat; maxCost?: string; exclude?: readonly string[] }>(
    async () => (await import('../plan-command.ts')).planCommand,
  ),
};
