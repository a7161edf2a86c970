import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { stringify } from 'lossless-json';
import { afterAll, beforeAll } from 'vitest';
import { resultOf } from '../support/cli.ts';
import { projectRoot } from '../support/repository.ts';
import type { CommandResult } from '../support/terminal.ts';

const environment = resolve(projectRoot, '.venv-dlt');

/** DuckDB for Python: the one that dlt users have today, or one whose new files our driver opens. */
export type PythonDuckdb = '2.0' | '1.5';

export interface PythonOptions {
  /** Also the home folder, so that nothing is read from the user's nor left there. */
  readonly cwd: string;
  readonly duckdb?: PythonDuckdb;
}

function start(program: string, args: readonly string[], { cwd, duckdb = '2.0' }: PythonOptions): ChildProcess {
  const env = {
    PATH: process.env.PATH,
    TZ: 'UTC',
    HOME: cwd,
    DLT_DATA_DIR: resolve(cwd, '.dlt-data'),
    RUNTIME__DLTHUB_TELEMETRY: 'false',
    ...(duckdb === '1.5' ? { PYTHONPATH: resolve(environment, 'duckdb-1.5') } : {}),
  };
  return spawn(resolve(environment, 'bin', program), args, { cwd, env });
}

/** Runs `python` or `dlt` of the environment as a user would. */
export async function runPython(program: 'python' | 'dlt', args: readonly string[], options: PythonOptions) {
  const result: CommandResult = await resultOf(start(program, args, options));
  if (result.code !== 0) throw new Error(`${program} ended with ${result.code}:\n${result.stdout}${result.stderr}`);
  return result.stdout;
}

/** A Python process with dlt that answers the questions of `worker.py`. */
class Dlt {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  #heard = '';

  private constructor(child: ChildProcess) {
    if (child.stdout === null) throw new Error('the process has no output');
    this.#child = child;
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#heard += text;
    });
  }

  static start(options: PythonOptions): Dlt {
    return new Dlt(start('python', [resolve(import.meta.dirname, 'worker.py')], options));
  }

  async ask<T>(question: string, given: object): Promise<T> {
    this.#heard = '';
    this.#child.stdin?.write(`${stringify({ ask: question, with: given })}\n`);
    const { value, done } = await this.#answers.next();
    if (done === true) throw new Error(`Python ended:\n${this.#heard}`);
    const answer: { answer: T } | { error: string } = JSON.parse(value);
    if ('error' in answer) throw new Error(`dlt: ${answer.error}\n${this.#heard}`);
    return answer.answer;
  }

  /** It ends when nobody asks any more. */
  async close(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.stdin?.end();
    await gone;
  }
}

/** One Python process for the tests of a file. @param prepare puts files into its home folder */
export function useDlt(
  duckdb?: PythonDuckdb,
  prepare: (home: string) => Promise<void> = async () => {},
): <T>(question: string, given: object) => Promise<T> {
  let folder: string;
  let dlt: Dlt;
  beforeAll(async () => {
    folder = await mkdtemp(join(await realpath(tmpdir()), 'dezgo-elt-dlt-'));
    await prepare(folder);
    dlt = Dlt.start({ cwd: folder, ...(duckdb === undefined ? {} : { duckdb }) });
  });
  afterAll(async () => {
    await dlt.close();
    await rm(folder, { recursive: true, force: true });
  });
  return (question, given) => dlt.ask(question, given);
}
