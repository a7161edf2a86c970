import { printable } from '../text/printable.ts';
import type { ApiDocument } from './api-document.ts';
import { itemsOf, member, members, type Node, textOf } from './json-node.ts';
import { resourceWord } from './name-words.ts';
import type { Operation } from './operations.ts';

/** The name of a secret, which stands as `{ secret: NAME }`. */
export interface SecretName {
  readonly secret: string;
}

type AuthKeys = Readonly<Record<string, string | SecretName>>;

/** Who asks, as the document has it. */
export interface DraftedAuth {
  /** Keys of `auth`; undefined where nothing of the kind is known. */
  readonly keys: AuthKeys | undefined;
  /** Headers that carry further secrets. */
  readonly headers: ReadonlyMap<string, SecretName>;
  readonly why: string | undefined;
  /** What else there is, a line each. */
  readonly notes: readonly string[];
}

export interface SourceAuth extends DraftedAuth {
  /** Of an operation, where it differs: other keys, or `none`. */
  of(operation: Operation): DraftedAuth | 'none' | undefined;
}

/** How requests are signed: what the document demands, or what most of its operations do. */
export function guessAuth(document: ApiDocument, operations: readonly Operation[]): SourceAuth {
  const schemes = new Map(
    members(member(member(document.root, 'components'), 'securitySchemes')).map(
      ([name, scheme]) => [name, document.references.follow(scheme)] as const,
    ),
  );
  const everywhere = member(document.root, 'security') ?? usual(operations) ?? onlyScheme(schemes);
  const own = drafted(schemes, everywhere, true);
  const shared = writtenAs(everywhere);
  const known = new Map<string, DraftedAuth | 'none' | undefined>();
  const differing = (security: Node): DraftedAuth | 'none' | undefined => {
    const isOpen =
      Array.isArray(security) && (security.length === 0 || security.some((one) => members(one).length === 0));
    if (isOpen) return own.keys === undefined ? undefined : 'none';
    if (own.keys !== undefined && itemsOf(security).some((one) => isSame(one, chosen(schemes, everywhere))))
      return undefined;
    const other = drafted(schemes, security, false);
    return other.keys === undefined ? undefined : other;
  };
  return {
    ...own,
    of: ({ security }) => {
      const written = writtenAs(security);
      if (security === undefined || written === shared) return undefined;
      if (!known.has(written)) known.set(written, differing(security));
      return known.get(written);
    },
  };
}

// --- internal ---

type Schemes = ReadonlyMap<string, Node>;

/** A demand by the names in it, to be compared with others; what else a document has there, however deep, says nothing. */
function writtenAs(security: Node): string {
  const names = itemsOf(security).map((one) => members(one).map(([name]) => name));
  return security === undefined ? '' : JSON.stringify(names);
}

/** What most operations demand, where the document demands nothing for all. */
function usual(operations: readonly Operation[]): Node {
  const counts = new Map<string, { security: Node; count: number }>();
  for (const { security } of operations) {
    if (itemsOf(security).length === 0) continue;
    const key = writtenAs(security);
    const found = counts.get(key) ?? { security, count: 0 };
    found.count += 1;
    counts.set(key, found);
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count)[0]?.security;
}

function onlyScheme(schemes: Schemes): Node {
  const [name] = schemes.keys();
  return name === undefined ? undefined : [Object.fromEntries([[name, []]])];
}

/** The names of the schemes that go together, of the first alternative that can be met. */
function chosen(schemes: Schemes, security: Node): string[] {
  const alternatives = itemsOf(security).map((one) => members(one).map(([name]) => name));
  const rank = (names: readonly string[]) =>
    Math.max(...names.map((name) => ranks.indexOf(draftOf(name, schemes.get(name), true)?.rank ?? 'none')));
  return alternatives.filter((names) => names.length > 0).toSorted((a, b) => rank(a) - rank(b))[0] ?? [];
}

function isSame(requirement: Node, names: readonly string[]): boolean {
  const own = members(requirement).map(([name]) => name);
  return own.length === names.length && own.every((name) => names.includes(name));
}

function drafted(schemes: Schemes, security: Node, isShared: boolean): DraftedAuth {
  const names = chosen(schemes, security);
  const parts = names.flatMap((name) => draftOf(name, schemes.get(name), isShared) ?? []);
  const main = parts.find(({ keys }) => keys !== undefined);
  const further = parts.filter((part) => part !== main);
  const headers = new Map(
    further.flatMap(({ header }) =>
      header === undefined ? [] : [[header, { secret: resourceWord(header) || 'header' }] as const],
    ),
  );
  if (main?.keys === undefined && main?.header !== undefined)
    headers.set(main.header, { secret: resourceWord(main.header) });
  const unused = [...schemes.keys()].filter((name) => !names.includes(name));
  return {
    keys: main?.keys,
    headers,
    why: main?.why,
    notes:
      isShared && unused.length > 0
        ? [
            `the document also knows ${unused
              .slice(0, 10)
              .map((name) => printable(name, 60))
              .join(', ')}`,
          ]
        : [],
  };
}

interface Part {
  readonly keys?: AuthKeys;
  /** The header that it is sent in, where it is a key in one. */
  readonly header?: string;
  readonly why?: string | undefined;
  readonly rank: (typeof ranks)[number];
}

/** What needs the least is taken first. */
const ranks = ['key', 'guess', 'none'] as const;

function draftOf(name: string, scheme: Node, isShared: boolean): Part | undefined {
  const prefix = isShared ? '' : `${resourceWord(name) || 'other'}_`;
  const secret = (key: string): SecretName => ({ secret: `${prefix}${key}` });
  const kind = textOf(scheme, 'type')?.toLowerCase();
  if (kind === 'apikey') return apiKey(scheme, secret);
  if (kind === 'http') {
    const way = textOf(scheme, 'scheme')?.toLowerCase();
    if (way === 'basic')
      return { rank: 'key', keys: { type: 'http_basic', username: secret('username'), password: secret('password') } };
    if (way === 'bearer') return { rank: 'key', keys: { type: 'bearer', token: secret('token') } };
    return {
      rank: 'guess',
      keys: { type: 'bearer', token: secret('token') },
      why: `the document says \`${printable(way ?? '', 40)}\`, which is not known here`,
    };
  }
  if (kind === 'oauth2') return oauth(scheme, secret);
  if (kind === 'openidconnect')
    return {
      rank: 'guess',
      keys: { type: 'bearer', token: secret('token') },
      why: 'OpenID Connect: an access token, which a run does not renew',
    };
  return undefined;
}

function apiKey(scheme: Node, secret: (key: string) => SecretName): Part {
  const name = textOf(scheme, 'name') ?? '';
  const place = textOf(scheme, 'in')?.toLowerCase();
  const isHeader = /^[\w!#$%&'*+.^`|~-]{1,200}$/.test(name);
  if (place === 'cookie')
    return { rank: 'guess', header: 'Cookie', why: `a cookie: the secret is \`${printable(name, 60)}=…\`` };
  if (place === 'query' && name !== '' && printable(name) === name)
    return { rank: 'key', keys: { type: 'api_key', name, location: 'query', api_key: secret('api_key') } };
  if (!isHeader) return { rank: 'none' };
  const isBare = name.toLowerCase() === 'authorization';
  return {
    rank: 'key',
    header: name,
    keys: { type: 'api_key', name, location: 'header', api_key: secret('api_key') },
    why: isBare ? 'the secret is all that the header holds; `prefix: "Bearer "` puts something before it' : undefined,
  };
}

function oauth(scheme: Node, secret: (key: string) => SecretName): Part {
  const flows = member(scheme, 'flows');
  const client = member(flows, 'clientCredentials');
  const url = URL.parse(textOf(client, 'tokenUrl') ?? '');
  if (
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.username === '' &&
    url.password === '' &&
    !/[{}]|%7[bd]/i.test(url.href)
  ) {
    const scopes = members(member(client, 'scopes')).map(([name]) => printable(name, 60));
    return {
      rank: 'key',
      keys: {
        type: 'oauth2_client_credentials',
        access_token_url: url.href,
        client_id: secret('client_id'),
        client_secret: secret('client_secret'),
      },
      why: scopes.length === 0 ? undefined : `\`scope\` can be ${scopes.slice(0, 10).join(', ')}`,
    };
  }
  return {
    rank: 'guess',
    keys: { type: 'bearer', token: secret('token') },
    why: 'OAuth, which needs a person to sign in: an access token; `oauth2_refresh_token` renews it',
  };
}
