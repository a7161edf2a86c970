import { printable } from '../text/printable.ts';
import type { ApiDocument } from './api-document.ts';
import type { Guess } from './guessed.ts';
import { itemsOf, member, members, type Node, textOf } from './json-node.ts';

export interface BaseUrl extends Guess<string> {
  /** The other servers that the document names. */
  readonly others: readonly string[];
}

/**
 * Where the API is: the first server that the document names.
 *
 * @param origin address of the document itself, to which a server may be relative
 */
export function baseUrlOf({ root }: ApiDocument, origin: string | undefined): BaseUrl {
  const servers = itemsOf(member(root, 'servers')).flatMap((server) => addressOf(server, origin) ?? []);
  const [first, ...others] = servers;
  const named = [...new Set(others.map(({ value }) => value))]
    .filter((value) => value !== first?.value)
    .slice(0, MOST_OTHERS);
  if (first !== undefined) return { ...first, others: named };
  const host = origin === undefined ? undefined : URL.parse(origin)?.origin;
  if (host !== undefined)
    return { value: `${host}/`, why: 'the document names no server: where it came from', others: [] };
  return { value: NOWHERE, why: 'the document names no server: put its address here', others: [] };
}

// --- internal ---

const NOWHERE = 'https://api.example.com/';
const MOST_OTHERS = 5;

function addressOf(server: Node, origin: string | undefined): Guess<string> | undefined {
  const written = textOf(server, 'url');
  if (written === undefined || written.length > 2000) return undefined;
  const variables = new Map(members(member(server, 'variables')));
  const filled = written.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const value = textOf(variables.get(name), 'default');
    return value === undefined ? name : value;
  });
  const url = URL.parse(filled) ?? (origin === undefined ? null : URL.parse(filled, origin));
  if (url === null || !/^https?:$/.test(url.protocol) || url.host === '') return undefined;
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  if (/[{}]|%7[bd]/i.test(url.href)) return undefined;
  const why =
    filled === written ? undefined : `the document has \`${printable(written)}\`: set what stands for its variables`;
  return { value: url.href, why };
}
