import { Option } from 'commander';
import type { RequestsOptions } from '../requests-command.ts';
import { type CommandEntry, listFormatOption, runOf } from './entry.ts';
import { countFrom1 } from './option-values.ts';

export const requestsEntry: CommandEntry = {
  name: 'requests',
  group: 'look',
  summary: 'what was asked of the source, and how it answered',
  description:
    'List the requests of past runs from the ledger, the newest first, with totals by resource and status. While a run is going on the ledger is its own: exit code 75.',
  options: [
    new Option('--resource <name>', 'of one resource'),
    new Option('--status <status>', '429, 4xx, or none for those that nobody answered'),
    new Option('--load <load-id>', 'of the run with this load'),
    new Option('--since <when>', 'of runs that began since: 2d, 36h, a day or a time'),
    new Option('-n, --limit <number>', 'so many requests').argParser(countFrom1).default(50),
    new Option('--slowest', 'the slowest first'),
    listFormatOption(),
  ],
  example: ['dezgo-elt requests --status 4xx --since 2d', 'dezgo-elt requests --resource jobs --slowest -n 10'],
  run: runOf<RequestsOptions>(async () => (await import('../requests-command.ts')).requestsCommand),
};
