import { LineCounter, parseDocument } from 'yaml';
import { PipelineError } from '../errors.ts';
import type { Node } from '../openapi/json-node.ts';
import { printable } from '../text/printable.ts';

/** More than any API has that a person would load from: those that are longer are of thousands of paths. */
export const LARGEST_DOCUMENT = 20_000_000;

/**
 * JSON or YAML → its value.
 *
 * @param from what messages call the document
 * @throws PipelineError UsageInvalid: it is neither, empty, a page of HTML, or nested too deep
 */
export function parsedDocument(text: string, from: string): Node {
  const content = text.replace(/^\ufeff/, '');
  if (content.trim() === '') throw other(from, 'is empty');
  if (/^\s*<(!doctype\s+html|html)\b/i.test(content)) throw other(from, 'is a page of HTML, no OpenAPI document');
  if (/^\s*</.test(content)) throw other(from, 'is XML, no OpenAPI document');
  const isJson = /^\s*[{[]/.test(content);
  try {
    if (isJson) return JSON.parse(content);
  } catch (cause) {
    // In a YAML file the first line may begin with a brace, too.
    if (content.length > LARGEST_FLOW) throw unreadable(from, 'JSON', cause);
  }
  try {
    const lineCounter = new LineCounter();
    const document = parseDocument(content, { prettyErrors: false, logLevel: 'silent', merge: true, lineCounter });
    const [error] = document.errors;
    if (error !== undefined)
      throw unreadable(from, isJson ? 'JSON' : 'JSON or YAML', error, lineCounter.linePos(error.pos[0]));
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (cause) {
    if (cause instanceof PipelineError) throw cause;
    throw unreadable(from, isJson ? 'JSON' : 'JSON or YAML', cause);
  }
}

// --- internal ---

const LARGEST_FLOW = 1_000_000;
const MOST_ALIASES = 1000;

function other(from: string, what: string): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `${printable(from)} ${what}.`,
    hint: 'Name the document itself, of OpenAPI 3.0 or 3.1, as JSON or YAML; many APIs have it at /openapi.json.',
  });
}

function unreadable(
  from: string,
  what: string,
  cause: unknown,
  place?: { readonly line: number; readonly col: number },
): PipelineError {
  const at = place === undefined ? '' : `:${place.line}:${place.col}`;
  const reason = cause instanceof Error ? printable(cause.message.split('\n')[0] ?? '') : 'no reason given';
  return new PipelineError({
    code: 'UsageInvalid',
    message: `${printable(from)}${at} is no ${what}: ${reason}`,
    hint: 'Name a document of OpenAPI 3.0 or 3.1, as JSON or YAML.',
    cause,
  });
}
