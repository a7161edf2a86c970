import { plainText } from '../text/plain-text.ts';
import { printable } from '../text/printable.ts';
import type { DraftedResource, ParamDraft } from './drafted-source.ts';
import type { Family } from './find-parents.ts';
import type { SourceAuth } from './guess-auth.ts';
import { guessKey, keyCandidates } from './guess-key.ts';
import { guessPaginator, type PagingGuess } from './guess-paginator.ts';
import type { Guess } from './guessed.ts';
import type { LookedOperation } from './looked-operation.ts';
import { bare } from './name-words.ts';
import { isParameter, type Operation, type Parameter } from './operations.ts';
import { pagingRole } from './paging-names.ts';
import type { Schemas } from './schemas.ts';

export interface ResourceParts {
  readonly schemas: Schemas;
  readonly auth: SourceAuth;
  readonly family: Family;
  /** Drafted before its children. */
  readonly parent: DraftedResource | undefined;
  /** The fields of the records of its parent. */
  readonly parentFields: ReadonlySet<string>;
  /** The parameter by which the document asks for one record of this list. */
  readonly keyParameter: string | undefined;
}

/** A resource of the configuration, from what its operation answers with. */
export function draftResource(one: LookedOperation, parts: ResourceParts): DraftedResource {
  const { operation, records, reply, isList } = one;
  const { schemas, family } = parts;
  const paging: PagingGuess = isList
    ? guessPaginator(operation, reply, records.list?.path ?? [])
    : { paginator: undefined, signs: [] };
  const params = [
    ...family.open.map((open) => openParam(operation, open)),
    ...withLargestPage(
      required(operation, 'query', Object.values(paging.paginator?.value ?? {})),
      isList && paging.paginator === undefined ? largestPage(operation) : undefined,
    ),
  ];
  const headers = required(operation, 'header', []);
  const key = isList || family.parent !== undefined ? keyOf(one, parts) : undefined;
  return {
    name: one.name,
    request: `GET /${operation.path}`,
    description: printable(operation.description.slice(0, 2000).replace(/<[^<>]{1,200}>/g, ''), LONGEST_DESCRIPTION),
    isList,
    whyNot: whyNot(one, parts, [...params, ...headers]),
    path: family.path,
    selector: records.selector,
    otherLists: records.others,
    key,
    keyCandidates: key === undefined ? keyCandidates(schemas, one.item) : [],
    paginator: paging.paginator,
    pagingSigns: paging.signs,
    included: family.included,
    params,
    headers,
    auth: parts.auth.of(operation),
    format: formatOf(operation),
    isUnknown: isUnknown(one),
    notes: [...family.notes, ...incrementalNote(one)],
  };
}

// --- internal ---

const LONGEST_DESCRIPTION = 200;

function isUnknown({ operation, reply, sample }: LookedOperation): boolean {
  return reply.kind === 'unknown' && operation.otherTypes.length === 0 && (sample === undefined || 'failure' in sample);
}

/** Where ids may come again under other parents, they and what names the parent. */
function keyOf(
  { operation, item, isList }: LookedOperation,
  { schemas, family, keyParameter }: ResourceParts,
): Guess<readonly string[]> | undefined {
  const noun = operation.segments.findLast((segment) => !isParameter(segment)) ?? '';
  const key = guessKey(schemas, item, { noun, parameter: keyParameter });
  const ofParent = family.included.map(({ as }) => as);
  if (key === undefined)
    return isList || ofParent.length === 0 ? undefined : { value: ofParent, why: 'one record for each of its parent' };
  if (ofParent.length === 0 || /^_?(id|uuid|guid)$/i.test(key.value)) return { value: [key.value], why: key.why };
  return {
    value: [...ofParent, key.value],
    why: [key.why, 'it may come again under another parent'].filter(Boolean).join('; '),
  };
}

function whyNot(
  one: LookedOperation,
  { family, parent, parentFields }: ResourceParts,
  params: readonly ParamDraft[],
): string | undefined {
  const { operation, sample, isList, item } = one;
  if (sample !== undefined && 'failure' in sample) return `asked for once: ${printable(sample.failure)}`;
  const open = params.filter(({ value }) => value === undefined).map(({ name }) => `\`${printable(name, 60)}\``);
  if (open.length > 0) return `it needs ${open.join(', ')}, which only you know`;
  const [type] = operation.otherTypes;
  if (type !== undefined) return `its reply is ${printable(type, 60)}, no JSON`;
  if (isUnknown(one)) return 'the document does not say what it answers with';
  if (parent?.whyNot !== undefined) return `its parent \`${parent.name}\` is not selected`;
  if (isList) return undefined;
  if (family.parent === undefined) return 'one record, no list';
  const isMore = item.properties.size === 0 || [...item.properties.keys()].some((key) => !parentFields.has(key));
  return isMore
    ? undefined
    : `the records of \`${family.parent}\` have all its fields: a request for each would bring nothing`;
}

/** Of what has to be sent, what no paginator sends. */
function required({ parameters }: Operation, place: string, sent: readonly unknown[]): ParamDraft[] {
  return parameters
    .filter((parameter) => parameter.place === place && parameter.isRequired && !isSent(parameter, sent))
    .filter(({ name }) => place !== 'header' || !/^(accept|content-type|authorization|user-agent)$/i.test(name))
    .map((parameter) => ({
      name: parameter.name,
      value: sendable(parameter),
      isOfPath: false,
      candidates: parameter.choices.slice(0, MOST_CANDIDATES),
    }));
}

function withLargestPage(params: readonly ParamDraft[], size: ParamDraft | undefined): readonly ParamDraft[] {
  return size === undefined ? params : [...params.filter(({ name }) => name !== size.name), size];
}

/** The one page that is read may as well be as large as the document allows. */
function largestPage({ parameters }: Operation): ParamDraft | undefined {
  const size = parameters.find((one) => pagingRole(one) === 'size' && sizeNames.test(bare(one.name)));
  if (size?.most === undefined || !Number.isInteger(size.most) || size.most < 1 || !isHarmless(size.name))
    return undefined;
  const value = Math.min(size.most, LARGEST_PAGE);
  const why = `the most that the document allows, because only one page is read`;
  return { name: size.name, value, isOfPath: false, candidates: [], why };
}

const LARGEST_PAGE = 1000;
/** Others, such as `length` and `max`, may be of something else. */
const sizeNames =
  /^(limit|(max)?pagesize|perpage|pagelimit|maxresults|(results|items|records)perpage|size|count|top|take)$/;

/** `page`, `limit` and `offset` are what a paginator sends where it does not say otherwise. */
function isSent(parameter: Parameter, sent: readonly unknown[]): boolean {
  if (sent.includes(parameter.name)) return true;
  const usual: Readonly<Record<string, string>> = { page: 'page_number', offset: 'offset', limit: 'offset' };
  return Object.hasOwn(usual, parameter.name) && sent.includes(usual[parameter.name]);
}

const MOST_CANDIDATES = 20;

/** What the document gives as default, where it can be sent as it stands; of the size of a page, one that most take. */
function sendable(parameter: Parameter): ParamDraft['value'] {
  const { given } = parameter;
  if (given !== undefined)
    return isHarmless(parameter.name) && isHarmless(String(given)) && fitsHeader(parameter, String(given))
      ? given
      : undefined;
  const role = pagingRole(parameter);
  if (role === 'size') return Math.min(parameter.most ?? 50, 50);
  return role === 'offset' || role === 'page' ? (parameter.least ?? (role === 'page' ? 1 : 0)) : undefined;
}

/** Fills nothing in and hides nothing. */
function isHarmless(text: string): boolean {
  return text.length <= 500 && plainText(text) === text.trim() && !/[{}\p{Cs}\ufeff]/u.test(text);
}

function fitsHeader({ name, place }: Parameter, value: string): boolean {
  return (
    place !== 'header' || (/^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value))
  );
}

function openParam({ parameters }: Operation, { name, placeholder }: Family['open'][number]): ParamDraft {
  const found = parameters.find((parameter) => parameter.name === name && parameter.place === 'path');
  const example =
    typeof found?.example === 'string' || typeof found?.example === 'number' ? [String(found.example)] : [];
  const candidates = found === undefined || found.choices.length === 0 ? example : found.choices;
  return { name: placeholder, value: undefined, isOfPath: true, candidates: candidates.slice(0, MOST_CANDIDATES) };
}

function formatOf({ otherTypes: [type] }: Operation): string | undefined {
  if (type === undefined) return undefined;
  if (/csv/i.test(type)) return 'csv';
  if (/ndjson|jsonl|json-seq/i.test(type)) return 'jsonl';
  return /^text\/|xml|yaml|html/i.test(type) ? 'text' : 'binary';
}

const sinceNames =
  /^(updated|modified|changed|lastmodified|lastupdated|updatedat|modifiedat)?(since|after|from|gte?|min|start)$|^(min|from)(updated|modified)(at|date)?$/;
const changeNames = /^(last)?(updated|modified|changed|update|change)(at|on|date|time|datetime|timestamp)?$/;

/** Where both a parameter and a field speak of changes, only what is new can be asked for. */
function incrementalNote({ operation, item, isList }: LookedOperation): string[] {
  const since = operation.parameters.find(({ name, place }) => place === 'query' && sinceNames.test(bare(name)));
  const changed = [...item.properties.keys()].find((key) => changeNames.test(bare(key)));
  if (
    !isList ||
    since === undefined ||
    changed === undefined ||
    !/^\w+$/.test(changed) ||
    !/^[\w.[\]-]+$/.test(since.name)
  )
    return [];
  return [
    `only what is new: incremental: { cursor_path: ${changed}, initial_value: "2020-01-01T00:00:00Z", start_param: "${since.name}" }`,
  ];
}
