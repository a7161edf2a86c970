import { Argument, Option } from 'commander';
import { type CommandEntry, runOf } from './entry.ts';

export const testEntry: CommandEntry = {
  name: 'test',
  group: 'try',
  summary: 'run the configuration on recorded replies, compare the tables',
  description:
    'Run the configuration as it is now on the replies of a recording, without network and secrets, into a file that is thrown away, and compare every table with what is expected. Exits with 0, or with 1 and the differences.',
  operands: [new Argument('<dir>', 'folder of the recording')],
  options: [new Option('--update', 'expect from now on what the tables are')],
  example: ['dezgo-elt test recordings/models', 'dezgo-elt test recordings/models --update && git diff recordings'],
  run: runOf<{ update?: boolean }>(async () => (await import('../test-command.ts')).testCommand),
};
