import { type Argument, type Command, Option } from 'commander';
import type { CommonOptions, Terminal } from '../terminal.ts';

/** What the commands are for, in the order of the help. */
export const commandGroups = {
  run: 'Load:',
  look: 'Look:',
  ask: 'Ask:',
  repair: 'Repair:',
  operate: 'Operate:',
  try: 'Try out:',
} as const;

/** A command as help shows it, and what it does. */
export interface CommandEntry {
  readonly name: string;
  /** Not of a subcommand. */
  readonly group?: keyof typeof commandGroups;
  readonly summary: string;
  readonly description: string;
  readonly operands?: readonly Argument[];
  readonly options?: readonly Option[];
  /** Lines, at the end of its help. */
  readonly example?: readonly string[];
  /** Such as `list` and `show`; one of them has to be named. */
  readonly subcommands?: readonly CommandEntry[];
  /** Gives the exit code. The command's module is loaded only now. Absent where subcommands do it. */
  readonly run?: (terminal: Terminal, parsed: Command) => Promise<number>;
}

type Run<Options> = (
  terminal: Terminal,
  options: CommonOptions & Options,
  operands: readonly string[],
) => Promise<number>;

/** The `run` of an entry, from its module. */
export function runOf<Options>(load: () => Promise<Run<Options>>): NonNullable<CommandEntry['run']> {
  return async (terminal, parsed) => {
    const run = await load();
    return run(terminal, parsed.optsWithGlobals<CommonOptions & Options>(), parsed.args);
  };
}

/** What every command has that reports something. */
export function formatOption(): Option {
  return new Option('--format <format>', 'form of the report').choices(['text', 'json']).default('text');
}

/** The same for what is a table. */
export function listFormatOption(): Option {
  return new Option('--format <format>', 'form of the report').choices(['text', 'json', 'csv']).default('text');
}

/** Of what takes something away. */
export function yesOption(): Option {
  return new Option('--yes', 'do not ask');
}

/** Such as `--exclude a --exclude b`. */
export function listed(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** Without a name it is for all, also beside names. */
export function fullRefreshOption(description: string): Option {
  return new Option('--full-refresh [resource]', description).argParser<string[] | true>((name, before) =>
    before === true ? true : listed(name, before),
  );
}
