import type { ErrorCode } from '../errors.ts';
import { plainLines, plainText } from '../text/plain-text.ts';

export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly loadId?: string | null;
}

/** What takes several lines: problems of a configuration, and what DuckDB says of SQL, with a mark where it went wrong. */
const severalLines: readonly ErrorCode[] = ['ConfigInvalid', 'QueryFailed'];

/** The line a failed command ends with: what failed, the load id, what to do next. */
export function failureLine({ code, message, hint, loadId }: Failure): string {
  const what = severalLines.includes(code) ? plainLines(message) : oneLine(message);
  const load = loadId === undefined || loadId === null ? '' : ` (load id ${loadId})`;
  const separator = what.includes('\n') ? '\n' : ' — ';
  return `error: ${what}${load}${separator}${oneLine(hint)}`;
}

function oneLine(text: string): string {
  return plainText(
    text
      .split('\n')
      .map((line) => line.trim())
      .join(' '),
  );
}
