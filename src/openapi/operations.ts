import type { ApiDocument } from './api-document.ts';
import { isObject, itemsOf, member, members, type Node, textOf } from './json-node.ts';
import type { Schema } from './schemas.ts';

/** More than anybody loads. */
export const MOST_GETS = 5000;

/** What a request can say: of the path, the query or a header. */
export interface Parameter {
  readonly name: string;
  readonly place: string;
  readonly isRequired: boolean;
  readonly schema: Schema;
  readonly description: string;
  /** What is sent where nobody says otherwise; also the only value that it can have. */
  readonly given: string | number | boolean | undefined;
  readonly choices: readonly string[];
  readonly most: number | undefined;
  readonly least: number | undefined;
  readonly example: Node;
}

/** A GET of the document. */
export interface Operation {
  /** Without a slash at its beginning, `{name}` for parameters. */
  readonly path: string;
  readonly segments: readonly string[];
  readonly description: string;
  readonly parameters: readonly Parameter[];
  /** What it answers with: a schema of JSON; undefined where the document does not say. */
  readonly reply: Node;
  /** Media types of a reply that is no JSON. */
  readonly otherTypes: readonly string[];
  /** Names of headers that a reply is said to have. */
  readonly replyHeaders: readonly string[];
  /** Who may ask; undefined: as the document says for all. */
  readonly security: Node;
}

export interface FoundOperations {
  readonly gets: readonly Operation[];
  /** Further GETs, which nobody looked at. */
  readonly beyond: number;
  /** Operations with another method, which are never asked for. */
  readonly others: number;
  /** Paths that cannot be asked for as they are written. */
  readonly odd: readonly string[];
}

/** The GETs, in the order of the document. */
export function operationsOf(document: ApiDocument): FoundOperations {
  const gets: Operation[] = [];
  const odd: string[] = [];
  let others = 0;
  let beyond = 0;
  for (const [path, written] of document.paths) {
    const item = document.references.follow(written);
    others += members(item).filter(([key, value]) => otherMethods.has(key) && isObject(value)).length;
    const get = member(item, 'get');
    if (!isObject(get)) continue;
    const asked = askedPath(path);
    if (asked === undefined) odd.push(path);
    else if (gets.length >= MOST_GETS) beyond += 1;
    else gets.push(operation(document, asked, item, get));
  }
  return { gets, others, odd, beyond };
}

/** Names in braces, in their order. */
export function pathParameters(path: string): string[] {
  return [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name);
}

export function isParameter(segment: string | undefined): boolean {
  return segment?.includes('{') === true;
}

// --- internal ---

const otherMethods = new Set(['post', 'put', 'patch', 'delete', 'options', 'head', 'trace']);
const LONGEST_PATH = 1000;
const MOST_CHOICES = 50;

/** Undefined for what is no path of this API: an address of its own, one that leads upwards, or with stray braces. */
function askedPath(path: string): string | undefined {
  const [asked = ''] = path.split('#');
  const isOdd =
    asked !== path ||
    !asked.startsWith('/') ||
    asked.startsWith('//') ||
    asked.length > LONGEST_PATH ||
    /[\\@\p{Cc}\s\u2028\u2029]|:\/\//u.test(asked.replace(/\{[^{}]*\}/g, '')) ||
    asked.split(/[/?]/).some((segment) => segment === '..' || segment === '.') ||
    /[{}]/.test(asked.replace(/\{[^{}]+\}/g, ''));
  return isOdd ? undefined : asked.slice(1);
}

function operation(document: ApiDocument, path: string, item: Node, get: Node): Operation {
  const { references } = document;
  const parameters = new Map<string, Parameter>();
  for (const written of [...itemsOf(member(item, 'parameters')), ...itemsOf(member(get, 'parameters'))]) {
    const parameter = parameterOf(document, references.follow(written));
    if (parameter !== undefined) parameters.set(`${parameter.place} ${parameter.name}`, parameter);
  }
  const response = replyOf(document, get);
  const types = members(member(response, 'content'));
  const json = types.find(([type]) => isJson(type));
  return {
    path,
    segments: (path.split('?')[0] ?? '').split('/').filter(Boolean),
    description: textOf(get, 'summary') || textOf(get, 'description') || textOf(item, 'summary') || '',
    parameters: [...parameters.values()],
    reply: member(json?.[1], 'schema') ?? (json === undefined ? undefined : {}),
    otherTypes: json === undefined ? types.map(([type]) => type) : [],
    replyHeaders: members(member(response, 'headers')).map(([name]) => name),
    security: member(get, 'security'),
  };
}

/** The reply of a request that went well. */
function replyOf({ references }: ApiDocument, get: Node): Node {
  const replies = members(member(get, 'responses')).map(
    ([status, reply]) => [status, references.follow(reply)] as const,
  );
  const hasContent = ([, reply]: readonly [string, Node]) => members(member(reply, 'content')).length > 0;
  const good = replies.filter(([status]) => /^2(\d\d|XX)$/i.test(status));
  const chosen =
    good.find((one) => one[0] === '200' && hasContent(one)) ??
    good.find(hasContent) ??
    (good.length === 0 ? replies.find(([status]) => status === 'default') : good[0]);
  return chosen?.[1];
}

function isJson(type: string): boolean {
  return /^(application|text)\/([\w.+-]+\+)?json\b|^\*\/\*|^application\/\*/i.test(type);
}

function parameterOf({ schemas, references }: ApiDocument, node: Node): Parameter | undefined {
  const name = textOf(node, 'name');
  const place = textOf(node, 'in');
  if (name === undefined || name === '' || place === undefined) return undefined;
  const content = members(member(node, 'content'))[0]?.[1];
  const written = member(node, 'schema') ?? member(content, 'schema');
  const schema = references.follow(written);
  const choices = itemsOf(member(schema, 'enum'));
  const [only] = choices;
  const example = member(node, 'example') ?? member(schema, 'example');
  return {
    name,
    place,
    isRequired: place === 'path' || member(node, 'required') === true,
    schema: schemas.of(written),
    description: textOf(node, 'description') ?? '',
    given: scalarOf(member(schema, 'default')) ?? (choices.length === 1 ? scalarOf(only) : undefined),
    choices: choices
      .slice(0, MOST_CHOICES)
      .flatMap((choice) => scalarOf(choice) ?? [])
      .map(String),
    most: numberOf(member(schema, 'maximum')),
    least: numberOf(member(schema, 'minimum')),
    example,
  };
}

function numberOf(node: Node): number | undefined {
  return typeof node === 'number' && Number.isFinite(node) ? node : undefined;
}

function scalarOf(node: Node): string | number | boolean | undefined {
  if (typeof node === 'string') return node;
  return typeof node === 'boolean' ? node : numberOf(node);
}
