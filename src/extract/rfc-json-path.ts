import { compile, JSONPathError, type JSONPathNodeList, JSONPathQuery, TokenKind } from 'json-p3';
import { PipelineError } from '../errors.ts';
import type { JsonPath } from './names-path.ts';
import type { Json } from './page.ts';

/** A JSONPath by json-p3. Throws ConfigInvalid; for jsonpath-ng's dialect, which dlt speaks, it shows the RFC's form. */
export function rfcJsonPath(expression: string, key: string): JsonPath {
  const query = compiled(expression, key);
  const start = singularStart(query);
  // json-p3 hands values through as they are; its type of a value only lacks bigint.
  const nodes = (path: JSONPathQuery, value: Json): JSONPathNodeList =>
    path.query(value as Parameters<typeof path.query>[0]);
  return {
    expression,
    matches: (value) => nodes(query, value).values(),
    first: (value) => nodes(query, value).values()[0],
    reaches: (value) => start !== undefined && nodes(start, value).values().length > 0,
  };
}

// --- internal ---

function compiled(expression: string, key: string): JSONPathQuery {
  try {
    return compile(withRoot(expression));
  } catch (error) {
    if (!(error instanceof JSONPathError)) throw error;
    const form = rfcForm(expression);
    const hint =
      form === undefined ? 'See RFC 9535 for the grammar; `$` selects the whole reply.' : `Write \`${form}\`.`;
    throw invalidPath(expression, key, error.message, hint);
  }
}

/**
 * The part before the first wildcard, filter or slice. Undefined for a query without one, and for a descent (`$..id`): it
 * looks for a name, so to find none is no empty list.
 */
function singularStart({ environment, segments }: JSONPathQuery): JSONPathQuery | undefined {
  const queries = segments.map((_, index) => new JSONPathQuery(environment, segments.slice(0, index + 1)));
  const plural = queries.findIndex((query) => !query.singularQuery());
  if (plural === -1 || segments[plural]?.token.kind === TokenKind.DDOT) return undefined;
  return new JSONPathQuery(environment, segments.slice(0, plural));
}

/** What jsonpath-ng's `'x.y'`, `a[?c>1]` and `&` are in the RFC, if that is all that is wrong. */
function rfcForm(expression: string): string | undefined {
  const quoted = expression.replace(/\.?(?<!\[)'([^']*)'(?!\])/g, "['$1']");
  const filtered = quoted.replace(/\[\?\s*(\(?)([^\]]*)\]/g, (_, parenthesis: string, condition: string) => {
    const named = condition.replace(/(^|&&?|\|\|?|!)\s*([A-Za-z_][\w.]*)(?!\w|\()/g, '$1 @.$2').trim();
    return `[?${parenthesis}${named.replace(/(?<![&])&(?!&)/g, '&&').replace(/(?<![|])\|(?!\|)/g, '||')}]`;
  });
  const form = withRoot(filtered);
  try {
    compile(form);
    return form;
  } catch {
    return undefined;
  }
}

/** `data.items` → `$.data.items`, `[0]` → `$[0]`. */
function withRoot(expression: string): string {
  const text = expression.trim();
  if (text.startsWith('$')) return text;
  return text.startsWith('[') || text.startsWith('.') ? `$${text}` : `$.${text}`;
}

function invalidPath(expression: string, key: string, reason: string, hint: string): PipelineError {
  return new PipelineError({
    code: 'ConfigInvalid',
    message: `\`${key}: ${expression}\` is not a JSONPath of RFC 9535: ${reason}`,
    hint,
    facts: { key, expression },
  });
}
