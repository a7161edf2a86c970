import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/config/secret.ts';
import { NetworkFailure } from '../../src/extract/http/network-failure.ts';
import type { HttpReply, HttpRequest, Transport } from '../../src/extract/http/transport.ts';
import { basic, echoed, echoes, leaksIn } from '../support/echoes.ts';
import { type ContextParts, client, collect, type EndpointParts, resource } from './collect.ts';

const secrets = [echoed.key, echoed.password].map((value) => Secret.found('secret', value, 'a test'));
const [key, password] = secrets as [Secret, Secret];
const auth = { type: 'http_basic', username: echoed.user, password } as const;

type Echoing = (text: string) => HttpReply;
const reply = (status: number, headers: Record<string, string>, body: string): HttpReply => {
  return { status, headers: new Headers(headers), body: Buffer.from(body) };
};
const body =
  (make: (text: string) => string, status = 200, type = 'application/json'): Echoing =>
  (text) =>
    reply(status, { 'content-type': type }, make(text));
const json = (make: (text: string) => unknown, status = 200) => body((text) => JSON.stringify(make(text)), status);
const header =
  (status: number, make: (text: string) => Record<string, string>, content = '{"data": [1]}'): Echoing =>
  (text) =>
    reply(status, make(text), content);

interface Channel {
  readonly echo: Echoing;
  readonly endpoint?: EndpointParts;
  /** What it can carry. */
  readonly carries?: RegExp;
}

const inHeaders = /^[\x20-\x7e]*$/;
const nextLink = { paginator: { type: 'json_link', next_url_path: 'next' } } as const;
const linkHeader = { paginator: { type: 'header_link', links_next_key: 'next' } } as const;
const cursor = {
  paginator: { type: 'cursor', cursor_path: 'next', cursor_param: 'cursor', stop_after_empty_page: false },
} as const;

const channels: Readonly<Record<string, Channel>> = {
  'an error that is no JSON': { echo: body((text) => `No such key ${text} here`, 400, 'text/plain') },
  'an error in JSON': { echo: json((text) => ({ title: 'Refused', detail: `No such key ${text}` }), 401) },
  'the errors of GraphQL': { echo: json((text) => ({ errors: [{ message: text }] }), 422) },
  'errors with status 200': { echo: json((text) => ({ errors: [{ message: text }] })) },
  'an error after 190 characters': { echo: body((text) => `${'x'.repeat(190)}${text}`, 500, 'text/plain') },
  'an error after many blanks': { echo: body((text) => `${' \n'.repeat(9980)}${text}`, 500, 'text/plain') },
  'the title of a page': { echo: body((text) => `<html><title>No ${text}</title>`, 403, 'text/html') },
  'JSON that is broken before it': { echo: body((text) => `{"data": [1,, "${text}"]}`) },
  'JSON that is broken after it': { echo: body((text) => `{"key": "${text.replaceAll('"', '')}" oops}`) },
  'JSON that is broken within it': { echo: body((text) => `{"data": ${text}}`) },
  'the content type': { echo: header(200, (text) => ({ 'content-type': `image/${text}` })), carries: inHeaders },
  'the content type of what is no JSON': {
    echo: header(200, (text) => ({ 'content-type': text }), 'oops'),
    carries: inHeaders,
  },
  'the path of a redirect': { echo: header(302, (text) => ({ location: `/${text}` })), carries: inHeaders },
  'the scheme of a redirect': { echo: header(302, (text) => ({ location: `${text}:x` })), carries: /^[\w+.-]*$/ },
  'the user of a redirect': {
    echo: header(302, (text) => ({ location: `http://${encodeURIComponent(text)}@x.invalid/` })),
  },
  'records and keys': { echo: json((text) => ({ data: [{ [text]: text, list: [`so ${text}`] }] })) },
  'keys where another was selected': { echo: json((text) => ({ [text]: { [text]: 1 } })) },
  'a next link': { echo: json((text) => ({ data: [1], next: `/${encodeURI(text)}?x=${text}` })), endpoint: nextLink },
  'a next link with a user': {
    echo: json((text) => ({ data: [1], next: `http://${encodeURIComponent(text)}:x@h.invalid/` })),
    endpoint: nextLink,
  },
  'a Link header': {
    echo: header(200, (text) => ({ link: `</${text}>; rel="next"` })),
    endpoint: linkHeader,
    carries: /^[\x20-\x3d\x3f-\x7e]*$/,
  },
  'a cursor': { echo: json((text) => ({ data: [{ text }], next: text })), endpoint: cursor },
};

const settings = { ...client, auth, headers: { 'X-Extra': key }, retry: { attempts: 1, backoff: 0, max_delay: 0 } };

/** Everything that a resource leaves, as a person or a program could print it. */
async function leftBy(endpoint: EndpointParts, parts: ContextParts): Promise<string> {
  const { records, pages, traces, outcome, error } = await collect(resource({ data_selector: 'data', ...endpoint }), {
    secrets,
    ...parts,
  });
  const said = error instanceof Error ? [error.message, JSON.stringify(error)] : [error];
  return inspect([records, pages, traces, outcome, said], { depth: 20, maxStringLength: null });
}

describe('a secret that a server repeats', () => {
  it.each(Object.keys(channels).map((name, turn) => [name, turn] as const))(
    'in %s is nowhere to be read, whatever it is escaped as',
    async (channelName, turn) => {
      const channel = channels[channelName] as Channel;
      const leaks: unknown[] = [];
      for (const [name, text] of echoes(turn).filter(([, text]) => channel.carries?.test(text) !== false)) {
        const asked: HttpRequest[] = [];
        const transport: Transport = async (request) => {
          asked.push(request);
          return asked.length === 1 ? channel.echo(text) : reply(200, {}, '{"oops"');
        };
        const left = await leftBy(channel.endpoint ?? {}, { client: settings, transport });
        for (const leak of leaksIn(left).slice(0, 1)) leaks.push({ name, leak, left });
        expect(asked[0]?.headers.get('authorization')).toBe(`Basic ${basic}`);
        expect(asked[0]?.headers.get('x-extra')).toBe(echoed.key);
      }
      expect(leaks).toEqual([]);
    },
  );

  it('as the name of a host is not to be read where nobody has that name', async () => {
    const transport: Transport = async ({ url }) => {
      const { hostname } = new URL(url);
      if (hostname.startsWith('key')) throw new NetworkFailure(`getaddrinfo ENOTFOUND ${hostname}`, 'ENOTFOUND');
      return reply(302, { location: `https://${echoed.key}.example.test/` }, '');
    };
    const left = await leftBy({}, { client: settings, transport });
    expect(left).toContain('getaddrinfo ENOTFOUND ***.example.test [ENOTFOUND]');
    expect(leaksIn(left)).toEqual([]);
  });
});
