import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { asPipelineError, exitCodes } from '../errors.ts';
import { version } from '../version.ts';
import type { SchemaFormat } from './schema.ts';
import type { CommonOptions, OutputFormat, Terminal } from './terminal.ts';

const epilogue = `
Begin with:
  dezgo-elt demo                 load from a stand-in API into demo/, no key needed
  dezgo-elt validate             check pipeline.config.yaml, print what would be requested
  dezgo-elt run                  load the selected resources
  dezgo-elt info                 what the DuckDB file holds
  dezgo-elt schema               its tables and columns, as dlt-style YAML

Exit codes:
    0  ok, also when nothing changed
    1  internal error
    2  usage, configuration or secrets
    3  published, but a resource failed
    4  refused by the source (401, 403)
    5  source unavailable, its reply unusable, or pipeline.timeout over
    6  destination or working folder: locked, full, not writable, unreadable, changed by somebody else
    7  schema contract broken, too many columns, a key missing: nothing published
    8  budget used up (402, 406)
   75  another run holds the lock
  129, 130, 143  terminal closed, interrupted, terminated (SIGHUP, SIGINT, SIGTERM)
`;

type Run<Options> = (
  terminal: Terminal,
  options: CommonOptions & Options,
  operands: readonly string[],
) => Promise<number>;

/**
 * Runs the command that the arguments name and gives its exit code. A command's module is loaded only when it is the one:
 * help, version and usage errors load nothing but commander.
 *
 * @throws PipelineError what the command could not do
 */
export async function runCommandLine(argv: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const action =
    <Options>(load: () => Promise<Run<Options>>) =>
    async (...given: unknown[]) => {
      const command = given.at(-1);
      if (!(command instanceof Command)) throw new TypeError('commander calls an action with its command last');
      const run = await load();
      try {
        exitCode = await run(terminal, command.optsWithGlobals<CommonOptions & Options>(), command.args);
      } catch (thrown) {
        if (command.opts<{ format?: string }>().format === 'json') {
          const { jsonFailure } = await import('../report/json-report.ts');
          terminal.print(jsonFailure(asPipelineError(thrown)));
        }
        throw thrown;
      }
    };

  const program = newProgram(terminal);
  program
    .command('run')
    .summary('load resources into the DuckDB file')
    .description('Load the selected resources, or just the named ones, also those with `selected: false`.')
    .argument('[resource...]', 'names from the configuration')
    .addOption(formatOption())
    .action(action<{ format: OutputFormat }>(async () => (await import('./run.ts')).runCommand));
  program
    .command('validate')
    .summary('check configuration and secrets')
    .description(
      'Report every problem of the configuration, every missing secret and folders that cannot be written, then print what a run would request.',
    )
    .action(action(async () => (await import('./validate.ts')).validateCommand));
  program
    .command('info')
    .summary('show last loads, row counts, pending packages')
    .description('Show what the DuckDB file holds. It is opened read-only; a run that is going on is left alone.')
    .addOption(formatOption())
    .action(action<{ format: OutputFormat }>(async () => (await import('./info.ts')).infoCommand));
  program
    .command('schema')
    .summary('print the stored schema, or what changed in it')
    .description(
      'Print the schema document of the DuckDB file as dlt-style YAML. It is opened read-only; a run that is going on is left alone.',
    )
    .option('--changes', 'list the changes of tables and columns instead, the newest load first')
    .addOption(
      new Option('--format <format>', 'yaml or json; with --changes text or json').choices(['yaml', 'text', 'json']),
    )
    .action(
      action<{ changes?: boolean; format?: SchemaFormat }>(async () => (await import('./schema.ts')).schemaCommand),
    );
  program
    .command('sandbox')
    .summary('serve a stand-in of the Dezgo API')
    .description('Serve a stand-in of the Dezgo API on loopback until interrupted. Every row it sends is invented.')
    .option('--port <number>', 'port to listen on; 0 picks a free one', portNumber, 0)
    .option('--no-plan-routes', 'answer 404 for /models, /jobs and /images, as the live service may')
    .option('--fault <name>', 'answer with a failure, may be repeated; an unknown name lists them', collected, [])
    .action(
      action<{ port: number; planRoutes: boolean; fault: string[] }>(
        async () => (await import('./sandbox.ts')).sandboxCommand,
      ),
    );
  program
    .command('demo')
    .summary('load from the stand-in into demo/')
    .description(
      'Run the shipped configuration against the stand-in API, with every file in a folder demo/ of its own.',
    )
    .action(action(async () => (await import('./demo.ts')).demoCommand));

  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.config;
  }
  return exitCode;
}

/** Common options belong to the program: commander then takes them before and after the command's own arguments. */
function newProgram(terminal: Terminal): Command {
  return new Command('dezgo-elt')
    .description('Load metadata of the Dezgo API into a DuckDB file.')
    .version(version, '-V, --version')
    .option('-c, --config <file>', 'configuration', 'pipeline.config.yaml')
    .option('--secrets <file>', 'secrets (default: secrets.yaml beside the configuration)')
    .option('-q, --quiet', 'print nothing but warnings on success')
    .addOption(new Option('--progress <style>', 'progress on stderr').choices(['auto', 'log', 'none']).default('auto'))
    .option('--debug', 'print stack traces')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.stderr.write(text),
    })
    .addHelpText('after', epilogue)
    .showHelpAfterError('Run with --help for the commands and options.')
    .exitOverride();
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
