import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { realEffects } from '../effects.ts';
import { PipelineError } from '../errors.ts';
import type { EventListener, EventOf } from '../events.ts';
import { lineAppender } from '../files/line-appender.ts';
import { reasonOf } from '../files/reason.ts';
import { eventLine } from '../report/event-line.ts';
import type { Failure } from '../report/failure-line.ts';
import type { Terminal } from './terminal.ts';

/** The terminal with who else listens: with `--log-format json` stderr is JSON alone, `--log-file` has all of it. */
export function heardTerminal(argv: readonly string[], terminal: Terminal): Terminal {
  const { isJson, file: path } = givenLog(argv);
  const { env, program, print, write, input, stderr, signal } = terminal;
  const toStderr: EventListener = (event) => stderr.write(eventLine(event));
  const warn = (message: string) => {
    if (isJson) toStderr({ event: 'warning', time: realEffects.now(), message });
    else stderr.write(`warning: ${message}\n`);
  };
  const file = path === undefined ? undefined : logFile(resolve(terminal.cwd, path), warn);
  return {
    env,
    program,
    print,
    write,
    input,
    signal,
    get streams() {
      return terminal.streams;
    },
    get cwd() {
      return terminal.cwd;
    },
    stderr: isJson
      ? {
          isTerminal: stderr.isTerminal,
          columns: stderr.columns,
          write: (text) => toStderr({ event: 'notice', time: realEffects.now(), message: text.trimEnd() }),
        }
      : stderr,
    ask: async (question) => (isJson ? undefined : terminal.ask(question)),
    fail(failure) {
      const event = failureEvent(failure);
      if (isJson) toStderr(event);
      else terminal.fail(failure);
      file?.(event);
    },
    listening: { stderr: isJson ? toStderr : undefined, file },
  };
}

/** The last line of a log. */
export function failureEvent({ code, message, hint, loadId = null }: Failure): EventOf<'failure'> {
  const { exitCode } = new PipelineError({ code, message, hint });
  return { event: 'failure', time: realEffects.now(), code, message, hint, loadId, exitCode };
}

// --- internal ---

/** As a shell takes them; what is wrong with them commander says. */
function givenLog(argv: readonly string[]): { readonly isJson: boolean; readonly file: string | undefined } {
  const options = { 'log-format': { type: 'string' }, 'log-file': { type: 'string' } } as const;
  const { values } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true });
  const { 'log-format': format, 'log-file': file } = values;
  return { isJson: format === 'json', file: typeof file === 'string' && file !== '' ? file : undefined };
}

/**
 * What is told is in the file at once, whole, also where the process ends the next moment. One that cannot be written is no
 * reason not to run: one warning, and nothing is written there any more.
 */
function logFile(path: string, warn: (message: string) => void): EventListener {
  const append = lineAppender(path, 0o600);
  let isWritten = true;
  return (event) => {
    if (!isWritten) return;
    try {
      append(eventLine(event));
    } catch (error) {
      isWritten = false;
      warn(`the log file ${path} cannot be written: ${reasonOf(error)}`);
    }
  };
}
