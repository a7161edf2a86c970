import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import type { RunChoices } from '../run/run-choices.ts';
import type { RunScope } from '../run/run-scope.ts';
import type { ProfileName } from '../sandbox/profiles/profiles.ts';
import type { RecordOptions } from './record.ts';
import type { SchemaFormat } from './schema.ts';
import type { CommonOptions, OutputFormat, Terminal } from './terminal.ts';

/** A command as help shows it, and what it does. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly operands?: readonly Argument[];
  readonly options?: readonly Option[];
  /** Lines, at the end of its help. */
  readonly example?: readonly string[];
  /** Gives the exit code. The command's module is loaded only now. */
  readonly run: (terminal: Terminal, parsed: Command) => Promise<number>;
}

/** Every command, in the order of the help. */
export const commandList: readonly CommandEntry[] = [
  {
    name: 'run',
    summary: 'load resources into the DuckDB file',
    description: 'Load the selected resources, or just the named ones, also those with `selected: false`.',
    operands: [new Argument('[resource...]', 'names from the configuration')],
    options: [
      formatOption(),
      new Option('--allow-paid', 'let resources cost money (`paid: true`) where nobody watches'),
      new Option('--max-cost <amount>', 'stop before the paid request with which the run would cost more'),
      new Option(
        '--full-refresh',
        'load incremental resources from their beginning, instead of the rows that are there',
      ),
      new Option('--from <value>', 'load a range of the incremental resources, and keep where they are'),
      new Option('--to <value>', 'end of that range; a value, `now - 2d` or `today`'),
      new Option('--allow-delete', 'let `delete_missing` take away more rows than `max_delete` says'),
    ],
    run: runOf<RunChoices & { format: OutputFormat; allowPaid?: boolean; maxCost?: string }>(
      async () => (await import('./run.ts')).runCommand,
    ),
  },
  {
    name: 'plan',
    summary: 'show what a run would ask for, and what that would cost',
    description:
      'Show what a run of the selected or named resources would ask for, and what that would cost. Sends nothing, writes nothing.',
    operands: [new Argument('[resource...]', 'names from the configuration')],
    options: [
      formatOption(),
      new Option('--max-cost <amount>', 'the limit of that run'),
      new Option('--full-refresh', 'as a run with it would'),
      new Option('--from <value>', 'as a run with it would'),
      new Option('--to <value>', 'as a run with it would'),
    ],
    run: runOf<RunScope & { format: OutputFormat; maxCost?: string }>(
      async () => (await import('./plan-command.ts')).planCommand,
    ),
  },
  {
    name: 'validate',
    summary: 'check configuration and secrets',
    description:
      'Report every problem of the configuration, every missing secret and folders that cannot be written, then print what a run would request.',
    run: runOf(async () => (await import('./validate.ts')).validateCommand),
  },
  {
    name: 'info',
    summary: 'show last loads, row counts, pending packages',
    description: 'Show what the DuckDB file holds. It is opened read-only; a run that is going on is left alone.',
    options: [formatOption()],
    run: runOf<{ format: OutputFormat }>(async () => (await import('./info.ts')).infoCommand),
  },
  {
    name: 'schema',
    summary: 'print the stored schema, or what changed in it',
    description:
      'Print the schema document of the DuckDB file as dlt-style YAML. It is opened read-only; a run that is going on is left alone.',
    options: [
      new Option('--changes', 'list the changes of tables and columns instead, the newest load first'),
      new Option('--format <format>', 'yaml or json; with --changes text or json').choices(['yaml', 'text', 'json']),
    ],
    run: runOf<{ changes?: boolean; format?: SchemaFormat }>(async () => (await import('./schema.ts')).schemaCommand),
  },
  {
    name: 'replay',
    summary: 'load the archived replies of a run again',
    description:
      'Load again what a run loaded, from its archived replies (`pipeline.archive`), with the configuration as it is now. Nothing is asked of the source, and where incremental resources go on stays as it is.',
    operands: [new Argument('<load-id>', 'of the run: `dezgo-elt info` shows those of the last loads')],
    options: [formatOption()],
    run: runOf<{ format: OutputFormat }>(async () => (await import('./replay.ts')).replayCommand),
  },
  {
    name: 'record',
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
    run: runOf<RecordOptions>(async () => (await import('./record.ts')).recordCommand),
  },
  {
    name: 'test',
    summary: 'run the configuration on recorded replies, compare the tables',
    description:
      'Run the configuration as it is now on the replies of a recording, without network and secrets, into a file that is thrown away, and compare every table with what is expected. Exits with 0, or with 1 and the differences.',
    operands: [new Argument('<dir>', 'folder of the recording')],
    options: [new Option('--update', 'expect from now on what the tables are')],
    example: ['dezgo-elt test recordings/models', 'dezgo-elt test recordings/models --update && git diff recordings'],
    run: runOf<{ update?: boolean }>(async () => (await import('./test-command.ts')).testCommand),
  },
  {
    name: 'sandbox',
    summary: 'serve a stand-in of the Dezgo API',
    description: 'Serve a stand-in of the Dezgo API on loopback until interrupted. Every row it sends is invented.',
    options: [
      new Option('--profile <name>', 'the service that it plays: those of examples/')
        .choices(['dezgo', 'rapidapi', 'segmind'])
        .default('dezgo'),
      new Option('--port <number>', 'port to listen on; 0 picks a free one').argParser(portNumber).default(0),
      new Option('--no-plan-routes', 'answer 404 for /models, /jobs and /images, as the live service may'),
      new Option('--fault <name>', 'answer with a failure, may be repeated; an unknown name lists them')
        .argParser(collected)
        .default([], 'none'),
    ],
    run: runOf<{ port: number; planRoutes: boolean; fault: string[]; profile: ProfileName }>(
      async () => (await import('./sandbox.ts')).sandboxCommand,
    ),
  },
  {
    name: 'demo',
    summary: 'load from the stand-in into demo/',
    description:
      'Run the shipped configuration against the stand-in API, with every file in a folder demo/ of its own.',
    run: runOf(async () => (await import('./demo.ts')).demoCommand),
  },
];

// --- internal ---

type Run<Options> = (
  terminal: Terminal,
  options: CommonOptions & Options,
  operands: readonly string[],
) => Promise<number>;

function runOf<Options>(load: () => Promise<Run<Options>>): CommandEntry['run'] {
  return async (terminal, parsed) => {
    const run = await load();
    return run(terminal, parsed.optsWithGlobals<CommonOptions & Options>(), parsed.args);
  };
}

function formatOption(): Option {
  return new Option('--format <format>', 'form of the report').choices(['text', 'json']).default('text');
}

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('Expected a port from 0 to 65535.');
}

function collected(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
