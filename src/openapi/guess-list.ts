import type { Guess } from './guessed.ts';
import { jsonPathOf } from './json-path-of.ts';
import { bare, singular, wordsOf } from './name-words.ts';
import { isParameter, type Operation } from './operations.ts';
import { isEnvelope, isPagingParameter, listNames } from './paging-names.ts';
import type { ReplyFields, ReplyList } from './reply-fields.ts';
import type { Schema, Schemas } from './schemas.ts';

/** What the records of a reply are. */
export interface Records {
  readonly selector: Guess<string>;
  /** The list that is selected; undefined where the reply is one record. */
  readonly list: ReplyList | undefined;
  /** A record. */
  readonly item: Schema;
  /** Selectors of the lists that were not taken. */
  readonly others: readonly string[];
}

/** The list of a reply, or the one record that it is. */
export function guessRecords(schemas: Schemas, operation: Operation, reply: ReplyFields): Records {
  const { lists, kind } = reply;
  if (kind === 'list') {
    const [list] = lists;
    return { selector: { value: '$' }, list, item: list?.item ?? reply.top, others: [] };
  }
  const found = listIn(operation, reply);
  if (found === undefined) return oneRecord(schemas, operation, reply);
  const { list, why } = found;
  const others = lists.filter((one) => one !== list).map(({ path }) => jsonPathOf(path));
  return { selector: { value: jsonPathOf(list.path), why }, list, item: list.item, others };
}

// --- internal ---

interface Found {
  readonly list: ReplyList;
  readonly why: string;
}

function listIn(operation: Operation, reply: ReplyFields): Found | undefined {
  const { lists } = reply;
  if (lists.length === 0) return undefined;
  const isOfOne = isParameter(operation.segments.at(-1));
  const isPaged = operation.parameters.some(isPagingParameter);
  const hasOwnId = [...reply.top.properties.keys()].some((key) => /^_?(id|uuid|guid)$/i.test(key));
  const path = bare(operation.segments.findLast((segment) => !isParameter(segment)) ?? '');
  const isNamed = ({ path: way }: ReplyList) => isLikePath(bare(way.at(-1) ?? ''), path);
  const known = lists.filter(({ path: way }) => listNames.has(bare(way.at(-1) ?? '')));
  const [first, ...more] = lists;
  if (first !== undefined && more.length === 0) {
    const onlyEnvelope = isAmongEnvelope(reply, first);
    if (hasOwnId && !isPaged && !onlyEnvelope) return undefined;
    if (onlyEnvelope) return { list: first, why: 'the only list, and what stands beside it tells of the reply' };
    if (known.length === 1)
      return { list: first, why: `the only list, and lists of records are often called \`${first.path.at(-1)}\`` };
    if (isPaged) return { list: first, why: 'the only list of a reply that is asked for in pages' };
    if (isNamed(first)) return { list: first, why: 'the only list, called like the path' };
    return isOfOne ? undefined : { list: first, why: 'the only list of the reply' };
  }
  if (hasOwnId && !isPaged) return undefined;
  const named = lists.filter(isNamed);
  const shallow = (found: readonly ReplyList[]) => found.toSorted((a, b) => a.path.length - b.path.length)[0];
  const byName = shallow(named);
  if (byName !== undefined && (!isOfOne || isPaged)) return { list: byName, why: 'it is called like the path' };
  const usual = shallow(known);
  if (usual !== undefined && (!isOfOne || isPaged || usual.path.length === 1))
    return { list: usual, why: `lists of records are often called \`${usual.path.at(-1)}\`` };
  const atTop = lists.filter(({ path: way }) => way.length === 1);
  const [only] = atTop;
  if (only !== undefined && atTop.length === 1 && (isPaged || (!isOfOne && isAmongEnvelope(reply, only))))
    return { list: only, why: 'the only list at the top of the reply' };
  return undefined;
}

/** Whether all that stands beside a list is of the reply, not of a record: counts, links, a status. */
function isAmongEnvelope({ top }: ReplyFields, { path: [first] }: ReplyList): boolean {
  return [...top.properties.keys()].every((key) => key === first || isEnvelope(key));
}

function isLikePath(name: string, path: string): boolean {
  if (name === '' || path === '') return false;
  return singular(name) === singular(path) || (name.length > 3 && path.endsWith(name));
}

/** In an envelope where there is one: `{ data: { … } }`. */
function oneRecord(schemas: Schemas, { segments }: Operation, { top, lists }: ReplyFields): Records {
  const others = lists.map(({ path }) => jsonPathOf(path));
  const noun = wordsOf(segments.findLast((segment) => !isParameter(segment)) ?? '')
    .map(singular)
    .join('');
  const inside = [...top.properties].flatMap(([key, node]) => {
    const schema = schemas.of(node);
    return schema.kind === 'object' && schema.properties.size > 0 ? [{ key, schema }] : [];
  });
  const wrapped = inside.filter(
    ({ key }) => /^(data|result|response|item|record)$/i.test(key) || singular(bare(key)) === noun,
  );
  const [found] = wrapped;
  const isOnly =
    wrapped.length === 1 && [...top.properties.keys()].every((key) => key === found?.key || isEnvelope(key));
  if (found === undefined || !isOnly) return { selector: { value: '$' }, list: undefined, item: top, others };
  const why = 'what stands beside it tells of the reply';
  return { selector: { value: jsonPathOf([found.key]), why }, list: undefined, item: found.schema, others };
}
