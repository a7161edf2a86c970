import { type Argument, type Command, Help, type Option } from 'commander';
import { bashCompletion } from '../completion/bash-completion.ts';
import type { CompletedCommand, CompletedOption, CompletedWord } from '../completion/completed-command.ts';
import { fishCompletion } from '../completion/fish-completion.ts';
import type { Shell } from '../completion/shells.ts';
import { zshCompletion } from '../completion/zsh-completion.ts';
import { exitCodes } from '../errors.ts';
import type { Terminal } from './terminal.ts';

const scripts: Readonly<Record<Shell, (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** `dezgo-elt completion SHELL`: a script that completes what help shows. It starts no process and reads no configuration. */
export async function completionCommand(terminal: Terminal, program: Command, shell: Shell): Promise<number> {
  terminal.print(scripts[shell](completedCommands(program)));
  return exitCodes.ok;
}

// --- internal ---

/** Commander's own list of what is shown; options of the program go with every command. */
const help = Object.assign(new Help(), { showGlobalOptions: true });

/** The command and all below it. */
function completedCommands(command: Command, at = '', beside: readonly CompletedWord[] = []): CompletedCommand[] {
  const below = help.visibleCommands(command);
  const commands = below.map((each) => ({ name: each.name(), summary: help.subcommandDescription(each) }));
  const operands = command.name() === 'help' ? beside : help.visibleArguments(command).flatMap(wordsOf);
  const options = [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)].map(completedOption);
  const deeper = below.flatMap((each) => completedCommands(each, `${at} ${each.name()}`.trimStart(), commands));
  return [{ at, words: [...commands, ...operands], options }, ...deeper];
}

function wordsOf({ argChoices = [] }: Argument): CompletedWord[] {
  return argChoices.map((name) => ({ name, summary: '' }));
}

function completedOption({ short, long, description, required, argChoices = [] }: Option): CompletedOption {
  const names = [short, long].filter((name) => name !== undefined && name !== null);
  return { names, summary: description, takesValue: required, choices: argChoices };
}
