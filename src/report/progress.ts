import type { Log } from '../effects.ts';
import { isoTime } from '../text/iso-time.ts';
import { plainText } from '../text/plain-text.ts';

export type ProgressChoice = 'auto' | 'log' | 'none';
/** `line`: one that rewrites itself. `log`: a line each. */
export type ProgressStyle = 'line' | 'log' | 'none';

const USUAL_COLUMNS = 80;

/** Where progress and warnings go: stderr. */
export interface LogStream {
  readonly isTerminal: boolean;
  /** Characters in a line of the terminal; 0 where it does not say, as that of `script`. */
  readonly columns: number;
  write(text: string): void;
}

export interface ProgressLog extends Log {
  /** A line for whoever watches, also with `quiet`: an answer to what they did. */
  tell(message: string): void;
  /** Clears the line. */
  end(): void;
}

/** `auto` is for a person who watches: never in CI, never on a terminal that cannot rewrite a line. */
export function progressStyle(
  choice: ProgressChoice,
  { isTerminal }: LogStream,
  env: Readonly<Record<string, string | undefined>>,
): ProgressStyle {
  if (choice !== 'auto') return choice;
  return isTerminal && !env.CI && env.TERM !== 'dumb' ? 'line' : 'none';
}

/** Warnings are always shown: with `quiet` they are what cron mails of a run that went well. The lines of a log begin with the time. */
export function progressLog(stream: LogStream, style: ProgressStyle, quiet: boolean, now: () => number): ProgressLog {
  let shown = '';
  const clear = () => {
    if (shown !== '') stream.write('\r\u001b[2K');
  };
  const lineOf = (message: string) => `${style === 'log' ? `${isoTime(now())} ` : ''}${plainText(message)}\n`;
  const writeAbove = (line: string) => {
    clear();
    stream.write(line + shown);
  };
  return {
    warn(message) {
      writeAbove(lineOf(`warning: ${message}`));
    },
    tell(message) {
      writeAbove(lineOf(message));
    },
    announce(message) {
      if (!quiet) writeAbove(lineOf(message));
    },
    progress(message) {
      if (quiet || style === 'none') return;
      if (style === 'log') return stream.write(lineOf(message));
      clear();
      shown = plainText(message).slice(0, Math.max(0, (stream.columns || USUAL_COLUMNS) - 1));
      stream.write(shown);
    },
    keep(message) {
      if (quiet || style !== 'line') return;
      clear();
      shown = '';
      stream.write(lineOf(message));
    },
    end() {
      clear();
      shown = '';
    },
  };
}
