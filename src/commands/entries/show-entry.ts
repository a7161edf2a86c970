import { Option } from 'commander';
import type { ShowOptions } from '../show.ts';
import { type CommandEntry, runOf } from './entry.ts';
import { portNumber } from './option-values.ts';

export const showEntry: CommandEntry = {
  name: 'show',
  group: 'look',
  summary: 'open a local page: freshness, runs, loads, tables, requests, costs',
  description:
    'Serve a page about this pipeline on 127.0.0.1 until interrupted, and open it in the browser: how fresh the data is, runs, loads, schema, rows and SQL, requests, costs, failures, configuration. Its address holds a token: only who has it is answered. It reads, and changes nothing; runs go on beside it, and the page notices them.',
  options: [
    new Option('--port <number>', 'port to listen on; 0 picks a free one').argParser(portNumber).default(0),
    new Option('--no-open', 'only print the address'),
    new Option(
      '--once <file>',
      'write the page with its data to a file instead: one document for a mail, an artifact, a static site',
    ),
  ],
  example: ['dezgo-elt show', 'dezgo-elt show --port 8000 --no-open', 'dezgo-elt show --once dashboard.html'],
  run: runOf<ShowOptions>(async () => (await import('../show.ts')).showCommand),
};
