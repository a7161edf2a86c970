import { main } from '../../src/commands/main.ts';
import type { Terminal } from '../../src/commands/terminal.ts';
import { failureLine } from '../../src/report/failure-line.ts';

export interface CommandOptions {
  readonly cwd: string;
  /** Nothing of this process's environment gets through. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly program?: readonly string[];
  /** What the person at the terminal answers; nobody is there without it. */
  readonly answer?: string;
  /** What comes on standard input. */
  readonly input?: string;
}

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `dezgo-elt` in this process, on a terminal that is none: it keeps what was written. */
export async function runCommand(
  args: readonly string[],
  {
    cwd,
    env = {},
    program = ['node', 'cli.js'],
    signal = new AbortController().signal,
    answer,
    input = '',
  }: CommandOptions,
): Promise<CommandResult> {
  const written = { stdout: '', stderr: '' };
  const write = (text: string) => {
    written.stderr += text;
  };
  const terminal: Terminal = {
    cwd,
    env,
    program,
    print: (text) => {
      written.stdout += `${text}\n`;
    },
    write: async (text) => {
      written.stdout += text;
      return true;
    },
    input: async () => input,
    stderr: { isTerminal: false, columns: 0, write },
    ask: async (question) => {
      if (answer !== undefined) write(question);
      return answer;
    },
    fail: (failure) => write(`${failureLine(failure)}\n`),
    signal,
  };
  return { code: await main(args, terminal), ...written };
}
