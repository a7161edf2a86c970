import type { Readable, Writable } from 'node:stream';
import type { EventListener } from '../events.ts';
import type { Failure } from '../report/failure-line.ts';
import type { LogStream } from '../report/progress.ts';

/** What a command sees of the outside. cli.ts makes it from the process; a test makes its own. */
export interface Terminal {
  /** The current folder, absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Node and the program, as they were started. */
  readonly program: readonly string[];
  /** Writes to stdout and adds the line break: the report, and nothing else. */
  print(text: string): void;
  /** Writes to stdout as it is; false once whoever reads it, such as `head`, has gone. */
  write(text: string): Promise<boolean>;
  /** All of standard input. */
  input(): Promise<string>;
  /** Standard input and output for a command that talks on them, and prints nothing else. Absent where nobody does. */
  readonly streams?: { readonly input: Readable; readonly output: Writable } | undefined;
  /** Warnings and progress. */
  readonly stderr: LogStream;
  /** What a person answers; undefined where nobody can be asked. */
  ask(question: string): Promise<string | undefined>;
  /** The last line of a command that did not do what was asked. */
  fail(failure: Failure): void;
  /** Aborted with a PipelineError HungUp, Interrupted or Terminated. */
  readonly signal: AbortSignal;
  /** Programs that are told everything that goes to stderr. Absent where there are none. */
  readonly listening?: Listening | undefined;
}

export interface Listening {
  /** Stderr has JSON alone: `--log-format json`. */
  readonly stderr?: EventListener | undefined;
  /** `--log-file`. */
  readonly file?: EventListener | undefined;
}

/** Options that every command takes. */
export interface CommonOptions {
  readonly config: string;
  readonly secrets?: string;
  readonly quiet?: boolean;
  readonly progress: 'auto' | 'log' | 'none';
  readonly debug?: boolean;
  readonly logFormat?: 'text' | 'json';
  readonly logFile?: string;
}

export type OutputFormat = 'text' | 'json';

/** Of what is a table. */
export type ListFormat = OutputFormat | 'csv';
