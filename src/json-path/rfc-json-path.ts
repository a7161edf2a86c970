import { JSONPathQuery, JSONPathRecursionLimitError, jsonpath, TokenKind } from 'json-p3';
import { PipelineError } from '../errors.ts';
import type { Json } from '../json/json-value.ts';
import { printable } from '../text/printable.ts';
import type { Absence, JsonPath } from './names-path.ts';
import { DEEPEST_DESCENT, rfcQuery } from './rfc-query.ts';

const { NameSelector, IndexSelector, WildcardSelector, SliceSelector, FilterSelector } = jsonpath.selectors;

/** A JSONPath by json-p3. Throws ConfigInvalid; for jsonpath-ng's dialect, which dlt speaks, it shows the RFC's form. */
export function rfcJsonPath(expression: string, key: string): JsonPath {
  const query = compiled(expression, key);
  const lead = leadOf(query);
  const rest = query.segments.slice(lead.length);
  const found: Finding = function* (path, value) {
    try {
      yield* valuesAt(path, value);
    } catch (error) {
      throw beyondPath(error, expression, key);
    }
  };
  return {
    expression,
    matches: (value) => [...found(query, value)],
    first: (value) => found(query, value).next().value,
    absence: (value) => absenceOf(query, value, found),
    isItem: query.segments.some(takesItems),
    lead,
    isWholeList: rest.length === 0 || (rest.length === 1 && rest.every(isWildcard)),
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

type Finding = (path: JSONPathQuery, value: Json) => Generator<Json>;

/** Lazily, or more than 100,000 matches overflow the stack; where many segments lead to one match, it is the other way round. */
function* valuesAt(path: JSONPathQuery, value: Json): Generator<Json> {
  // json-p3 hands values through as they are; its type of a value only lacks bigint.
  const reply = value as Parameters<typeof path.query>[0];
  for (const node of path.singularQuery() ? path.query(reply) : path.lazyQuery(reply)) yield node.value;
}

/** What ended the search, as the reply's fault where it is. */
function beyondPath(error: unknown, expression: string, key: string): unknown {
  const isDeep = error instanceof JSONPathRecursionLimitError;
  if (!isDeep && !(error instanceof RangeError)) return error;
  const path = `\`${key}: ${printable(expression)}\``;
  return new PipelineError({
    code: 'ReplyUnusable',
    message: isDeep
      ? `The reply is nested deeper than the ${DEEPEST_DESCENT} levels through which ${path} looks.`
      : `The reply holds too much for ${path} to look at at once.`,
    hint: isDeep ? 'Name the way to the records instead of `..`.' : 'Use a simpler JSONPath, without a filter, say.',
    facts: { key, expression },
    cause: error,
  });
}

type Segment = JSONPathQuery['segments'][number];

/** Where the path stops to lead on, and whether there was nothing to lead to or no such name. */
function absenceOf({ environment, segments }: JSONPathQuery, value: Json, found: Finding): Absence {
  let reached: readonly Json[] = [value];
  let itemsBefore = false;
  for (const [index, segment] of segments.entries()) {
    const matches = [...found(new JSONPathQuery(environment, segments.slice(0, index + 1)), value)];
    if (matches.length === 0) return { kind: takesItems(segment) ? kindOf(reached) : named(), reached: reached[0] };
    reached = matches;
    itemsBefore ||= takesItems(segment);
  }
  return { kind: 'missing', reached: reached[0] };

  function named(): Absence['kind'] {
    return itemsBefore ? 'unnamed' : 'missing';
  }
}

function leadOf({ segments }: JSONPathQuery): (string | number)[] {
  const lead: (string | number)[] = [];
  for (const { selectors, token } of segments) {
    const [selector] = selectors;
    if (selectors.length !== 1 || token.kind === TokenKind.DDOT) break;
    if (selector instanceof NameSelector) lead.push(selector.name);
    else if (selector instanceof IndexSelector) lead.push(selector.index);
    else break;
  }
  return lead;
}

function isWildcard({ selectors, token }: Segment): boolean {
  return token.kind !== TokenKind.DDOT && selectors.length === 1 && selectors[0] instanceof WildcardSelector;
}

/** Of what an item is taken from, where there is none: text and numbers hold no items whatever they say. */
function kindOf(holders: readonly Json[]): Absence['kind'] {
  if (holders.every((holder) => holder === null)) return 'null';
  return holders.every((holder) => typeof holder === 'object') ? 'empty' : 'missing';
}

/** A wildcard, slice or filter. A descent looks for a name: to find none is no empty list. */
function takesItems({ selectors, token }: Segment): boolean {
  if (token.kind === TokenKind.DDOT) return false;
  return selectors.every((selector) =>
    [WildcardSelector, SliceSelector, FilterSelector].some((kind) => selector instanceof kind),
  );
}

function invalidPath(expression: string, key: string, reason: string, hint: string): PipelineError {
  return new PipelineError({
    code: 'ConfigInvalid',
    message: `\`${key}: ${printable(expression)}\` is not a JSONPath of RFC 9535: ${reason}`,
    hint,
    facts: { key, expression },
  });
}
