import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { projectRoot } from './repository.ts';
import type { CommandOptions, CommandResult } from './terminal.ts';

export const cliScript = resolve(projectRoot, 'dist/bin/cli.js');

/** Starts `dezgo-elt` as a process of its own, without a terminal; beside PATH it gets the environment that is given. */
export function startCli(args: readonly string[], { cwd, env = {} }: CommandOptions): ChildProcess {
  return spawn(process.execPath, [cliScript, ...args], { cwd, env: { PATH: process.env.PATH, TZ: 'UTC', ...env } });
}

/** Runs it to its end. */
export async function runCli(args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return resultOf(startCli(args, options));
}

export async function resultOf(child: ChildProcess): Promise<CommandResult> {
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
