import { Argument, Option } from 'commander';
import type { RecordOptions } from '../record.ts';
import { type CommandEntry, runOf } from './entry.ts';

export const recordEntry: CommandEntry = {
  name: 'record',
  group: 'try',
  summary: 'keep replies and the tables they become in a folder, for `test`',
  description:
    'Run against the source into a file that is thrown away, and keep in a folder, for git say, every reply (secrets masked) and the tables that they became. `dezgo-elt test` compares.',
  operands: [
    new Argument('<dir>', 'folder of the recording, such as recordings/nightly; what it holds is replaced'),
    new Argument('[resource...]', 'names from the configuration'),
  ],
  options: [
    new Option('--allow-paid', 'let resources cost money (`paid: true`) where nobody watches'),
    new Option('--max-cost <amount>', 'stop before the paid request with which the run would cost more'),
    new Option('--from <value>', 'record a range of the incremental resources'),
    new Option('--to <value>', 'end of that range; a value, `now - 2d` or `today`'),
  ],
  example: ['dezgo-elt record recordings/models models', 'dezgo-elt test recordings/models'],
  run: runOf<RecordOptions>(async () => (await import('../record.ts')).recordCommand),
};
