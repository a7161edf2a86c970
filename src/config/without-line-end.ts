import { withoutEnd } from '../text/ends.ts';

/** The end of a line comes along when a key is read from a file into a variable, or printed; no header can carry it. */
export function withoutLineEnd(value: string): string {
  return withoutEnd(value, '\r\n');
}
