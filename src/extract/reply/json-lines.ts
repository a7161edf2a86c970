import type { Json } from '../../json/json-value.ts';
import { decodeUtf8, type JsonBodyOptions, parseJsonBody } from './json-body.ts';

/** A line that is no JSON; the message ends a sentence about the reply. */
export class BadLine extends Error {}

/** A value for each line that is not blank. Throws BadLine. */
export async function jsonLines(bytes: Buffer, options: JsonBodyOptions): Promise<Json[]> {
  const lines = linesOf(bytes);
  try {
    // All at once: a hundred times as quick as a parser for each.
    const values = await parseJsonBody(Buffer.from(`[${lines.join(',')}]`), options);
    if (Array.isArray(values) && values.length === lines.length) return values;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw wrongLine(lines);
}

/** Whether it may be JSON lines: more than one, the first an object. Looks at no more than it has to: it is asked of every page. */
export function looksLikeJsonLines(bytes: Buffer): boolean {
  const end = bytes.indexOf('\n');
  if (end === -1 || !bytes.subarray(end).some((byte) => byte > BLANK)) return false;
  const first = decodeUtf8(bytes.subarray(0, end)).trim();
  return first.startsWith('{') && first.endsWith('}') && isJson(first);
}

// --- internal ---

/** Bytes to this one are blanks, tabs, the ends of lines. */
const BLANK = 0x20;

function linesOf(bytes: Buffer): string[] {
  return decodeUtf8(bytes)
    .split('\n')
    .filter((line) => line.trim() !== '');
}

function wrongLine(lines: readonly string[]): BadLine {
  const index = lines.findIndex((line) => !isJson(line));
  const isLast = index === lines.length - 1;
  return new BadLine(`is not JSON in line ${index + 1} of ${lines.length}${isLast ? ': it may be cut short' : ''}`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
