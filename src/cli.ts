#!/usr/bin/env node
import { text as readAll } from 'node:stream/consumers';
import { styleText } from 'node:util';
import { main } from './commands/main.ts';
import type { Terminal } from './commands/terminal.ts';
import { realEffects } from './effects.ts';
import { exitCodes, PipelineError } from './errors.ts';
import { currentFolder } from './files/current-folder.ts';
import { failureLine } from './report/failure-line.ts';
import { flushTelemetry } from './telemetry/open-telemetry.ts';

const { stdout, stderr } = process;
// Before the commands are loaded: a stack trace then names the lines that we wrote, not those of the bundle.
if (process.argv.includes('--debug')) process.setSourceMapsEnabled(true);
const interruption = new AbortController();

const terminal: Terminal = {
  get cwd() {
    return currentFolder();
  },
  env: process.env,
  program: [process.execPath, ...process.argv.slice(1, 2)],
  print: (text) => void stdout.write(`${text}\n`),
  write: (text) => new Promise((written) => stdout.write(text, (error) => written(!(error instanceof Error)))),
  input: () => readAll(process.stdin),
  get streams() {
    return { input: process.stdin, output: stdout };
  },
  stderr: {
    isTerminal: stderr.isTTY ?? false,
    get columns() {
      return stderr.columns ?? 0;
    },
    write: (text) => void stderr.write(text),
  },
  ask: async (question) => {
    if (!process.stdin.isTTY || !stderr.isTTY) return undefined;
    const { createInterface } = await import('node:readline');
    const lines = createInterface({ input: process.stdin, output: stderr, terminal: false });
    const { signal } = interruption;
    const answer = new Promise<string>((resolve) => {
      lines.question(question, { signal }, resolve);
      lines.once('close', () => resolve(''));
      signal.addEventListener('abort', () => resolve(''), { once: true });
    });
    return answer.finally(() => lines.close());
  },
  fail: (failure) => void stderr.write(`${styleText('red', failureLine(failure), { stream: stderr })}\n`),
  signal: interruption.signal,
};

const codes = { SIGHUP: 'HungUp', SIGINT: 'Interrupted', SIGTERM: 'Terminated' } as const;

/** The first signal asks the run to stop where nothing is lost, the second stops at once. */
function stopOn(signal: keyof typeof codes): void {
  process.on(signal, () => {
    const closed = ' Its terminal or session was closed: started with `setsid` it outlives that.';
    const error = new PipelineError({
      code: codes[signal],
      message: `The run was stopped by ${signal}.`,
      hint: `Run again: it continues after the last page that was complete, if one was.${signal === 'SIGHUP' ? closed : ''}`,
      facts: { signal },
    });
    if (interruption.signal.aborted) process.exit(error.exitCode);
    interruption.abort(error);
  });
}

/** A reader such as `head` that has seen enough is no failure of ours; a report that cannot be written is. */
function tellLostReport(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return;
  process.exitCode ||= exitCodes.internal;
  stderr.write(`error: the report could not be written: ${error.message}\n`);
}

stdout.once('error', tellLostReport);
for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
stopOn('SIGHUP');
stopOn('SIGINT');
stopOn('SIGTERM');
const exitCode = await main(process.argv.slice(2), terminal);
if (exitCode !== exitCodes.ok) process.exitCode = exitCode;
await flushTelemetry(realEffects);
// What is written is out; an idle socket or a timer that is left must not keep a cron job alive.
stdout.write('', () => setImmediate(() => process.exit()));
