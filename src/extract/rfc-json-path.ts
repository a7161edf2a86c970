import { type JSONPathNodeList, JSONPathQuery, jsonpath, TokenKind } from 'json-p3';
import { PipelineError } from '../errors.ts';
import { rfcQuery } from '../schema/rfc-query.ts';
import type { Absence, JsonPath } from './names-path.ts';
import type { Json } from './page.ts';

/** A JSONPath by json-p3. Throws ConfigInvalid; for jsonpath-ng's dialect, which dlt speaks, it shows the RFC's form. */
export function rfcJsonPath(expression: string, key: string): JsonPath {
  const query = compiled(expression, key);
  return {
    expression,
    matches: (value) => nodes(query, value).values(),
    first: (value) => nodes(query, value).values()[0],
    absence: (value) => absenceOf(query, value),
    isItem: query.segments.some(takesItems),
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

/** json-p3 hands values through as they are; its type of a value only lacks bigint. */
function nodes(query: JSONPathQuery, value: Json): JSONPathNodeList {
  return query.query(value as Parameters<typeof query.query>[0]);
}

type Segment = JSONPathQuery['segments'][number];

/** Where the path stops to lead on, and whether there was nothing to lead to or no such name. */
function absenceOf({ environment, segments }: JSONPathQuery, value: Json): Absence {
  let reached: readonly Json[] = [value];
  let itemsBefore = false;
  for (const [index, segment] of segments.entries()) {
    const found = nodes(new JSONPathQuery(environment, segments.slice(0, index + 1)), value).values();
    if (found.length === 0) return { kind: takesItems(segment) ? kindOf(reached) : named(), reached: reached[0] };
    reached = found;
    itemsBefore ||= takesItems(segment);
  }
  return { kind: 'missing', reached: reached[0] };

  function named(): Absence['kind'] {
    return itemsBefore ? 'unnamed' : 'missing';
  }
}

/** Of what an item is taken from, where there is none: text and numbers hold no items whatever they say. */
function kindOf(holders: readonly Json[]): Absence['kind'] {
  if (holders.every((holder) => holder === null)) return 'null';
  return holders.every((holder) => typeof holder === 'object') ? 'empty' : 'missing';
}

/** A wildcard, slice or filter. A descent looks for a name: to find none is no empty list. */
function takesItems({ selectors, token }: Segment): boolean {
  if (token.kind === TokenKind.DDOT) return false;
  const { WildcardSelector, SliceSelector, FilterSelector } = jsonpath.selectors;
  return selectors.every((selector) =>
    [WildcardSelector, SliceSelector, FilterSelector].some((kind) => selector instanceof kind),
  );
}

function invalidPath(expression: string, key: string, reason: string, hint: string): PipelineError {
  return new PipelineError({
    code: 'ConfigInvalid',
    message: `\`${key}: ${expression}\` is not a JSONPath of RFC 9535: ${reason}`,
    hint,
    facts: { key, expression },
  });
}
