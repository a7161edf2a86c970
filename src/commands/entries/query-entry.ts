import { Argument, InvalidArgumentError, Option } from 'commander';
import type { QueryOptions } from '../query.ts';
import { queryOutputs } from '../query-outputs.ts';
import { type CommandEntry, runOf } from './entry.ts';

export const queryEntry: CommandEntry = {
  name: 'query',
  group: 'ask',
  summary: 'ask the destination with SQL',
  description:
    'Ask the destination with one SQL statement, in its SQL, and print the rows. It is only read, the dataset is its search path, and SQL reaches no other file, no network, no extension and no setting.',
  operands: [new Argument('<sql>', 'one statement; `-` reads it from standard input')],
  options: [
    new Option(
      '-o, --output <form>',
      'form of the rows; by default what the name of --to ends with; table without --to',
    ).choices(queryOutputs),
    new Option('--format <form>', 'the same as --output').choices(queryOutputs).hideHelp(),
    new Option('--answer-lines', 'answer a question a line, for another process of this program').hideHelp(),
    new Option('--limit <rows>', 'no more rows than that').argParser(rowCount),
    new Option('--to <file>', 'write them to a file, which is there when all of it is'),
  ],
  example: [
    "dezgo-elt query 'select id, name from models limit 10'",
    "dezgo-elt query 'show tables'",
    "dezgo-elt query 'from models' --to models.parquet",
    'dezgo-elt query - -o csv < report.sql | head',
  ],
  run: runOf<QueryOptions>(async () => (await import('../query.ts')).queryCommand),
};

function rowCount(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a number of rows.');
}
