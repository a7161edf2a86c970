import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';

export const projectRoot = resolve(import.meta.dirname, '../..');
const script = resolve(projectRoot, 'dist/bin/cli.js');

export interface CliOptions {
  readonly cwd: string;
  /** Beside PATH; nothing else of this process's environment gets through. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function startCli(args: readonly string[], { cwd, env = {} }: CliOptions): ChildProcess {
  return spawn(process.execPath, [script, ...args], { cwd, env: { PATH: process.env.PATH, TZ: 'UTC', ...env } });
}

/** Runs `dezgo-elt` as a user would, without a terminal. */
export async function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return resultOf(startCli(args, options));
}

export async function resultOf(child: ChildProcess): Promise<CliResult> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((done, failed) => {
    child.once('error', failed);
    child.once('close', done);
  });
  return { code, stdout, stderr };
}
