import type { Guess } from './guessed.ts';
import { jsonPathOf } from './json-path-of.ts';
import { bare } from './name-words.ts';
import type { Operation, Parameter } from './operations.ts';
import { type PagingRole, pagingFields, pagingRole } from './paging-names.ts';
import type { ReplyField, ReplyFields } from './reply-fields.ts';

/** Keys of a paginator, in their order. */
export type PaginatorKeys = Readonly<Record<string, string | number | boolean | null>>;

export interface PagingGuess {
  readonly paginator: Guess<PaginatorKeys> | undefined;
  /** What looks like pages, where no paginator was found. */
  readonly signs: readonly string[];
}

/** How a list is read page by page, by its parameters and by what stands beside it in the reply. */
export function guessPaginator(operation: Operation, reply: ReplyFields, list: readonly string[]): PagingGuess {
  const asked: Asked = { ...byRole(operation.parameters), reply: fieldsBeside(reply, list), list, operation };
  const paginator = [byNextUrl, byCursor, byLastRecord, byHeader, byPage, byOffset, byPlainNext]
    .map((guess) => guess(asked))
    .find((found) => found !== undefined);
  return { paginator, signs: paginator === undefined ? signsOf(asked) : [] };
}

// --- internal ---

interface Asked extends Readonly<Partial<Record<PagingRole, Parameter>>> {
  readonly reply: readonly ReplyField[];
  readonly list: readonly string[];
  readonly operation: Operation;
}

type Found = Guess<PaginatorKeys> | undefined;

function byRole(parameters: readonly Parameter[]): Partial<Record<PagingRole, Parameter>> {
  const found: Partial<Record<PagingRole, Parameter>> = {};
  for (const parameter of parameters) {
    const role = pagingRole(parameter);
    if (role !== undefined) found[role] ??= parameter;
  }
  return found;
}

function fieldsBeside({ fields }: ReplyFields, list: readonly string[]): readonly ReplyField[] {
  return fields.filter(({ path }) => list.length === 0 || !list.every((key, index) => path[index] === key));
}

/** With the fewest steps on the way. */
function fieldOf(
  asked: Asked,
  names: ReadonlySet<string>,
  fits: (field: ReplyField) => boolean = () => true,
): ReplyField | undefined {
  const found = asked.reply.filter((field) => names.has(field.names.at(-1) ?? '') && fits(field));
  return found.toSorted((a, b) => a.path.length - b.path.length)[0];
}

const isText = ({ schema }: ReplyField) => schema.kind === 'text' || schema.kind === 'unknown';
const isNumber = ({ schema }: ReplyField) => schema.kind === 'number';

/** `{ "next": "https://…" }`, `{ "links": { "next": … } }`, `{ "_links": { "next": { "href": … } } }` */
function byNextUrl(asked: Asked): Found {
  const isUrl = ({ schema, names }: ReplyField) =>
    /^(uri|url|uri-reference)$/.test(schema.format ?? '') ||
    /\b(ur[il]|link|href)\b/i.test(schema.description.slice(0, 300)) ||
    /(url|uri|link|href)$/.test(names.at(-1) ?? '') ||
    names.slice(0, -1).some((name) => /^_?links?$/.test(name));
  const linked = asked.reply.find(
    ({ names }) => /^(href|url|link|uri)$/.test(names.at(-1) ?? '') && /^next(page|link)?$/.test(names.at(-2) ?? ''),
  );
  const found = linked ?? fieldOf(asked, pagingFields.nextUrl, (field) => isText(field) && isUrl(field));
  if (found === undefined) return undefined;
  const path = jsonPathOf(found.path);
  return {
    value: { type: 'json_link', next_url_path: path },
    why: `\`${path}\` of the reply is called like the address of the next page`,
  };
}

function byCursor(asked: Asked): Found {
  const { cursor } = asked;
  if (cursor === undefined) return undefined;
  const name = bare(cursor.name);
  const same = asked.reply.filter(
    (field) => [name, `next${name}`].includes(field.names.at(-1) ?? '') && field.schema.kind !== 'boolean',
  );
  const inCursors = asked.reply.find(
    ({ names }) => /^(after|next)$/.test(names.at(-1) ?? '') && /cursor/.test(names.at(-2) ?? ''),
  );
  const next = same.toSorted(
    (a, b) => Number(b.names.at(-1)?.startsWith('next')) - Number(a.names.at(-1)?.startsWith('next')),
  );
  const found = inCursors ?? next[0] ?? fieldOf(asked, pagingFields.cursor, ({ schema }) => schema.kind !== 'boolean');
  if (found === undefined) return undefined;
  const path = jsonPathOf(found.path);
  return {
    value: { type: 'cursor', cursor_path: path, cursor_param: cursor.name, ...hasMore(asked) },
    why: `the parameter \`${cursor.name}\` seems to take \`${path}\` of the reply before`,
  };
}

/** The id of the last record is the cursor: Stripe's way, and that of many who took it over. */
function byLastRecord(asked: Asked): Found {
  const { cursor, list } = asked;
  if (cursor === undefined || !/^(startingafter|after|afterid|sinceid|lastid)$/.test(bare(cursor.name)))
    return undefined;
  const more = fieldOf(asked, pagingFields.hasMore);
  if (more === undefined) return undefined;
  const selector = jsonPathOf(list);
  return {
    value: {
      type: 'cursor',
      cursor_path: selector.startsWith('$') ? `${selector}[-1].id` : `$.${selector}[-1].id`,
      cursor_param: cursor.name,
      has_more_path: jsonPathOf(more.path),
    },
    why: `the parameter \`${cursor.name}\` seems to take the \`id\` of the last record`,
  };
}

function byHeader({ operation, cursor }: Asked): Found {
  const { replyHeaders } = operation;
  if (replyHeaders.some((name) => name.toLowerCase() === 'link'))
    return { value: { type: 'header_link' }, why: 'the reply has a header `Link`' };
  const next = replyHeaders.find((name) =>
    /^(x-)?(next|continuation)[\w-]*(cursor|token|marker)|^x-ms-continuation/i.test(name),
  );
  if (next === undefined || cursor === undefined || !/^[\w-]+$/.test(next)) return undefined;
  return {
    value: { type: 'header_cursor', cursor_key: next, cursor_param: cursor.name },
    why: `the parameter \`${cursor.name}\` seems to take the header \`${next}\` of the reply before`,
  };
}

function byPage(asked: Asked): Found {
  const { page, size } = asked;
  if (page === undefined) return undefined;
  const first = firstPage(page);
  const pages = fieldOf(asked, pagingFields.pages, isNumber);
  const records = size === undefined ? undefined : pageSize(size, undefined);
  return {
    value: {
      type: 'page_number',
      base_page: first.value,
      ...(page.name === 'page' ? {} : { page_param: page.name }),
      ...(records === undefined || size === undefined ? {} : { page_size: records, page_size_param: size.name }),
      total_path: pages === undefined ? null : jsonPathOf(pages.path),
      ...hasMore(asked),
    },
    why: `the parameter \`${page.name}\`; ${first.why}`,
  };
}

function byOffset(asked: Asked): Found {
  const { offset, size } = asked;
  if (offset === undefined || (size === undefined && /^(from|begin|start)$/.test(bare(offset.name)))) return undefined;
  if (/^date|time/.test(offset.schema.format ?? '')) return undefined;
  const total = fieldOf(asked, pagingFields.total, isNumber);
  const first = offset.least ?? (typeof offset.given === 'number' ? offset.given : 0);
  return {
    value: {
      type: 'offset',
      limit: size === undefined ? USUAL_SIZE : (pageSize(size, USUAL_SIZE) ?? USUAL_SIZE),
      ...(first === 1 ? { offset: 1 } : {}),
      ...(offset.name === 'offset' ? {} : { offset_param: offset.name }),
      ...(size === undefined || size.name === 'limit' ? {} : { limit_param: size.name }),
      total_path: total === undefined ? null : jsonPathOf(total.path),
      ...hasMore(asked),
    },
    why:
      size === undefined
        ? `the parameter \`${offset.name}\`; how many records a page has, the document does not say`
        : `the parameters \`${offset.name}\` and \`${size.name}\``,
  };
}

/** A text that is called `next`, where no parameter takes it. */
function byPlainNext(asked: Asked): Found {
  if (asked.cursor !== undefined) return undefined;
  const found = fieldOf(asked, new Set(['next', 'nextpage']), isText);
  if (found === undefined) return undefined;
  const path = jsonPathOf(found.path);
  return {
    value: { type: 'json_link', next_url_path: path },
    why: `no parameter takes \`${path}\` of the reply, so it may be an address`,
  };
}

function hasMore(asked: Asked): { has_more_path: string } | Record<never, never> {
  const found = fieldOf(asked, pagingFields.hasMore, ({ schema }) => schema.kind === 'boolean');
  return found === undefined ? {} : { has_more_path: jsonPathOf(found.path) };
}

function firstPage({ given, least, description, example }: Parameter): { value: number; why: string } {
  const told = /\b(?:0|zero)[- ](?:based|indexed)|(?:starts?|starting|begins?|beginning)\b.{0,20}\b(?:0|zero)\b/i.test(
    description.slice(0, 500),
  );
  if (told) return { value: 0, why: 'its description says that pages are counted from 0' };
  const known = [given, least, example]
    .map(Number)
    .find((value, index) => [given, least, example][index] != null && (value === 0 || value === 1));
  if (known !== undefined) return { value: known, why: `the document begins at ${known}` };
  return { value: 1, why: 'where pages begin, the document does not say: most count from 1' };
}

const USUAL_SIZE = 50;
const LARGEST_SIZE = 1000;

/** As many records as the document allows. */
function pageSize({ most, given, example, choices }: Parameter, otherwise: number | undefined): number | undefined {
  const largest = Math.max(...choices.map(Number).filter((choice) => Number.isInteger(choice)));
  const sizes = [most, Number.isFinite(largest) ? largest : undefined, given, example, otherwise].map((size) =>
    Number(size ?? Number.NaN),
  );
  const found = sizes.find((size) => Number.isInteger(size) && size > 0);
  return found === undefined ? undefined : Math.min(found, LARGEST_SIZE);
}

function signsOf({ reply, operation }: Asked): string[] {
  const parameters = operation.parameters.filter((one) => pagingRole(one) !== undefined).map(({ name }) => name);
  const fields = reply
    .filter(({ names }) => Object.values(pagingFields).some((known) => known.has(names.at(-1) ?? '')))
    .map(({ path }) => jsonPathOf(path));
  return [
    ...(parameters.length > 0 ? [`the parameters ${parameters.slice(0, MOST_SIGNS).join(', ')}`] : []),
    ...(fields.length > 0 ? [`${fields.slice(0, MOST_SIGNS).join(', ')} in the reply`] : []),
  ];
}

const MOST_SIGNS = 6;
