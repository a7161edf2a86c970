import { type JSONPathNodeList, JSONPathQuery, TokenKind } from 'json-p3';
import { PipelineError } from '../errors.ts';
import { rfcQuery } from '../schema/rfc-query.ts';
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
  const query = rfcQuery(expression);
  if (!('reason' in query)) return query;
  const { reason, rfcForm } = query;
  const hint =
    rfcForm === undefined ? 'See RFC 9535 for the grammar; `$` selects the whole reply.' : `Write \`${rfcForm}\`.`;
  throw invalidPath(expression, key, reason, hint);
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

function invalidPath(expression: string, key: string, reason: string, hint: string): PipelineError {
  return new PipelineError({
    code: 'ConfigInvalid',
    message: `\`${key}: ${expression}\` is not a JSONPath of RFC 9535: ${reason}`,
    hint,
    facts: { key, expression },
  });
}
