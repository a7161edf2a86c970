import { Option } from 'commander';
import type { CostsOptions } from '../costs-command.ts';
import { type CommandEntry, listFormatOption, runOf } from './entry.ts';

export const costsEntry: CommandEntry = {
  name: 'costs',
  group: 'look',
  summary: 'what runs spent, and the last balance',
  description:
    'Sum what paid requests cost, from the ledger, and what headers of replies said where they are captured, with the last balance. While a run is going on the ledger is its own: exit code 75.',
  options: [
    new Option('--by <what>', 'what sums are of').choices(['day', 'resource', 'run']).default('day'),
    new Option('--since <when>', 'of runs that began since: 2d, 36h, a day or a time'),
    listFormatOption(),
  ],
  example: ['dezgo-elt costs --since 30d', 'dezgo-elt costs --by resource --format csv'],
  run: runOf<CostsOptions>(async () => (await import('../costs-command.ts')).costsCommand),
};
