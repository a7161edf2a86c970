import { Option } from 'commander';
import type { InfoOptions } from '../info.ts';
import { type CommandEntry, formatOption, runOf } from './entry.ts';
import { countFrom1, repeated } from './option-values.ts';

export const infoEntry: CommandEntry = {
  name: 'info',
  group: 'look',
  summary: 'show how fresh the data is, last loads and failures, packages that wait',
  description:
    'Show what the destination holds, how fresh it is, and how the last runs went. It is only read; a run that is going on is left alone. With --max-age it is a health check: exit code 3 and a line for each resource whose last good load is older.',
  options: [
    formatOption(),
    new Option('-n, --limit <number>', 'how many loads and runs').argParser(countFrom1).default(5),
    new Option(
      '--max-age <duration>',
      'exit with 3 where a selected resource was loaded, or found unchanged, longer ago; RESOURCE=26h for one of them; may be repeated',
    )
      .argParser(repeated)
      .default([], 'any'),
  ],
  example: [
    'dezgo-elt info',
    'dezgo-elt info --max-age 26h --quiet',
    'dezgo-elt info --max-age 26h --max-age jobs=2h --format json',
  ],
  run: runOf<InfoOptions>(async () => (await import('../info.ts')).infoCommand),
};
