import type { ConfigWarning } from '../config/pipeline-config.ts';

/** In one line: as compilers do it where it is about a line of a file, else as a sentence about the file. */
export function shownWarning({ at, message }: ConfigWarning): string {
  if (at === undefined) return message;
  return `${at}${/:\d+:\d+$/.test(at) ? '  ' : ' '}${message}`;
}
