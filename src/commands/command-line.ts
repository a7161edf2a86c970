import { Command, CommanderError, Option } from 'commander';
import { asPipelineError, exitCodes } from '../errors.ts';
import { version } from '../version.ts';
import { commandList } from './command-list.ts';
import { type CommandEntry, commandGroups } from './entries/entry.ts';
import type { Listening, Terminal } from './terminal.ts';

const epilogue = `
Begin with:
  dezgo-elt demo                 load from a stand-in API into demo/, no key needed
  dezgo-elt validate             check pipeline.config.yaml, print what would be requested
  dezgo-elt plan                 what a run would ask for, and what that would cost
  dezgo-elt run                  load the selected resources
  dezgo-elt info                 what was loaded, and how fresh it is
  dezgo-elt doctor               what could keep a run from working
  dezgo-elt schema               its tables and columns, as dlt-style YAML

Exit codes:
    0  ok, also when nothing changed
    1  internal error, or a recording with other tables than expected
    2  usage, configuration or secrets
    3  published, but a resource failed; of info --max-age: data is older
    4  refused by the source (401, 403)
    5  source unavailable, its reply unusable, or pipeline.timeout over
    6  destination or working folder: locked, full, not writable, unreadable, changed by somebody else
    7  schema contract broken, too many columns, a key missing, too many rows vanished,
       an expectation not met: nothing published
    8  budget used up (402, 406, max_cost, min_balance)
   75  another run holds the lock
  129, 130, 143  terminal closed, interrupted, terminated (SIGHUP, SIGINT, SIGTERM)
`;

const HELP = 'Run with --help for the commands and options';

/**
 * Runs the command that the arguments name and gives its exit code. A command's module is loaded only when it is the one:
 * help, version and usage errors load nothing but commander.
 *
 * @throws PipelineError what the command could not do
 */
export async function runCommandLine(argv: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const program = newProgram(terminal);
  for (const group of Object.values(commandGroups)) program.commandsGroup(group);
  for (const entry of commandList) {
    addCommand(program, entry, async (run, command) => {
      exitCode = await runEntry(run, terminal, command);
    });
  }
  try {
    await program.parseAsync(helpsNobody(argv) ? argv.slice(1) : argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.ok;
    if (terminal.listening !== undefined) await tellUsage(error, terminal.listening);
    return exitCodes.config;
  }
  return exitCode;
}

type EntryRun = NonNullable<CommandEntry['run']>;

function addCommand(
  parent: Command,
  entry: CommandEntry,
  act: (run: EntryRun, command: Command) => Promise<void>,
): void {
  const { run, group } = entry;
  const command = parent.command(entry.name).summary(entry.summary).description(entry.description);
  if (group !== undefined) command.helpGroup(commandGroups[group]);
  for (const operand of entry.operands ?? []) command.addArgument(operand);
  for (const option of entry.options ?? []) command.addOption(option);
  if (entry.example !== undefined) command.addHelpText('after', exampleText(entry.example));
  for (const subcommand of entry.subcommands ?? []) addCommand(command, subcommand, act);
  if (run !== undefined) command.action(() => act(run, command));
}

/** `help` with the name of no command, of which commander says nothing; of the name alone it does. */
function helpsNobody([first, name]: readonly string[]): boolean {
  if (first !== 'help' || name === undefined || name.startsWith('-') || name === 'help') return false;
  return !commandList.some((entry) => entry.name === name);
}

/** What a program asked for as JSON it gets as JSON, also when it failed. */
async function runEntry(run: EntryRun, terminal: Terminal, command: Command): Promise<number> {
  try {
    return await run(terminal, command);
  } catch (thrown) {
    if (command.opts<{ format?: string }>().format === 'json') {
      const { jsonFailure } = await import('../report/json-report.ts');
      terminal.print(jsonFailure(asPipelineError(thrown)));
    }
    throw thrown;
  }
}

/** To people commander has said it already. */
async function tellUsage({ message }: CommanderError, { stderr, file }: Listening): Promise<void> {
  const { failureEvent } = await import('./heard-terminal.ts');
  const text = message.replace(/^error: /, '').replace(/\n/g, ' ');
  const failure = failureEvent({ code: 'UsageInvalid', message: text, hint: `${HELP}.` });
  stderr?.(failure);
  file?.(failure);
}

function exampleText(lines: readonly string[]): string {
  return `\nExample:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

/** Common options belong to the program: commander then takes them before and after the command's own arguments. */
function newProgram(terminal: Terminal): Command {
  return new Command('dezgo-elt')
    .description('Load metadata of the Dezgo API into a DuckDB file, or another destination.')
    .version(version, '-V, --version')
    .option('-c, --config <file>', 'configuration', 'pipeline.config.yaml')
    .option('--secrets <file>', 'secrets (default: secrets.yaml beside the configuration)')
    .option('-q, --quiet', 'print nothing but warnings on success')
    .addOption(new Option('--progress <style>', 'progress on stderr').choices(['auto', 'log', 'none']).default('auto'))
    .addOption(
      new Option('--log-format <format>', 'what stderr is: text, or a JSON object a line')
        .choices(['text', 'json'])
        .default('text'),
    )
    .option('--log-file <file>', 'append everything that happens there, as JSON')
    .option('--debug', 'print stack traces')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => {
        if (terminal.listening?.stderr === undefined) terminal.stderr.write(text);
      },
    })
    .addHelpText('after', epilogue)
    .showHelpAfterError(`${HELP}.`)
    .exitOverride();
}
