import { parseDocument } from 'yaml';
import { PipelineError } from '../errors.ts';
import type { Node } from '../openapi/json-node.ts';
import { printable } from '../text/printable.ts';

/** More than any API has that a person would load from: those that are longer are of thousands of paths. */
export const LARGEST_DOCUMENT = 20_000_000;

/**
 * JSON or YAML → its value.
 *
 * @param from what messages call the document
 * @throws PipelineError UsageInvalid: it is neither, or nested too deep
 */
export function parsedDocument(text: string, from: string): Node {
  const content = text.replace(/^\ufeff/, '');
  const isJson = /^\s*[{[]/.test(content);
  try {
    if (isJson) return JSON.parse(content);
  } catch (cause) {
    // In a YAML file the first line may begin with a brace, too.
    if (content.length > LARGEST_FLOW) throw unreadable(from, 'JSON', cause);
  }
  try {
    const document = parseDocument(content, { prettyErrors: false, logLevel: 'silent', merge: true });
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (cause) {
    throw unreadable(from, isJson ? 'JSON' : 'JSON or YAML', cause);
  }
}

// --- internal ---

const LARGEST_FLOW = 1_000_000;
const MOST_ALIASES = 1000;

function unreadable(from: string, what: string, cause: unknown): PipelineError {
  const reason = cause instanceof Error ? printable(cause.message.split('\n')[0] ?? '') : 'no reason given';
  return new PipelineError({
    code: 'UsageInvalid',
    message: `${printable(from)} is no ${what}: ${reason}`,
    hint: 'Name a document of OpenAPI 3.0 or 3.1, as JSON or YAML.',
    cause,
  });
}
