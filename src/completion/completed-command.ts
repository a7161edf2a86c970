/** Something that can be typed, and what it is for. */
export interface CompletedWord {
  readonly name: string;
  readonly summary: string;
}

export interface CompletedOption {
  /** Such as `-c` and `--config`. */
  readonly names: readonly string[];
  readonly summary: string;
  /** Whether a word has to follow it. */
  readonly takesValue: boolean;
  /** What that may be; empty where anything may, such as a file. */
  readonly choices: readonly string[];
}

/** What a shell offers in one place of the command line. */
export interface CompletedCommand {
  /** The commands that lead there, such as `packages show`; empty at the beginning. */
  readonly at: string;
  /** Commands, or the words that an operand may be. */
  readonly words: readonly CompletedWord[];
  readonly options: readonly CompletedOption[];
}

/** What stands before a value that is no command, such as `-c` in `dezgo-elt -c run validate`. */
export function valueOptions(commands: readonly CompletedCommand[]): string[] {
  const taking = commands.flatMap(({ options }) => options.filter(({ takesValue }) => takesValue));
  return [...new Set(taking.flatMap(({ names }) => names))];
}

/** Every option whose values are known, with where it stands. */
export function chosenOptions({ at, options }: CompletedCommand) {
  return options
    .filter(({ choices }) => choices.length > 0)
    .map(({ names, choices }) => ({ places: names.map((name) => `${at} ${name}`), choices }));
}
