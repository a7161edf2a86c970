import { inspect } from 'node:util';
import { asPipelineError } from '../errors.ts';
import { runCommandLine } from './command-line.ts';
import { repeatingOptions } from './given-options.ts';
import type { Terminal } from './terminal.ts';

/** Runs the command that the arguments name, tells on the terminal what it could not do, and gives its exit code. */
export async function main(argv: readonly string[], given: Terminal): Promise<number> {
  const isHeard = argv.some((word) => word.startsWith('--log-f'));
  const heard = isHeard ? (await import('./heard-terminal.ts')).heardTerminal(argv, given) : given;
  const terminal = repeatingOptions(argv, heard);
  try {
    return await runCommandLine(argv, terminal);
  } catch (thrown) {
    const error = asPipelineError(thrown);
    if (argv.includes('--debug')) terminal.stderr.write(`${inspect(error)}\n`);
    terminal.fail(error);
    return error.exitCode;
  }
}
