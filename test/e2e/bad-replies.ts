import type { Answering } from '../support/server.ts';

export const models = { name: 'models', primary_key: 'id', write_disposition: 'merge' };
export const endpoint = { path: 'models', data_selector: 'data' };
export const good = { data: [{ id: 1, name: 'one', tags: ['a', 'b'] }], next: null };

interface Bad {
  readonly what: string;
  readonly answering: Answering;
  readonly code: number;
  /** Parts of the message, and of the hint. */
  readonly says: readonly RegExp[];
  readonly hint: RegExp;
  /** Requests that were sent. */
  readonly asked?: number;
  readonly endpoint?: object;
  readonly resource?: object;
}

/** What a run of its own is for: settings of the client, pauses of a host, and rows that fail when all are there. */
export interface BadAlone extends Bad {
  readonly client?: object;
}

export const status =
  (code: number, type: string, body: string, headers: Record<string, string> = {}): Answering =>
  (_, response) =>
    void response.writeHead(code, { 'content-type': type, ...headers }).end(body);

const page = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';
const cursor = { ...endpoint, paginator: { type: 'cursor', cursor_path: 'next', cursor_param: 'cursor' } };
const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

/** Replies that cannot be read: those of one resource say nothing about another. */
export const replies: readonly Bad[] = [
  ...(['merge', 'replace'] as const).flatMap((write_disposition) =>
    [{ data: null }, { data: {} }, null, {}].map((reply) => ({
      what: `${JSON.stringify(reply)} for ${write_disposition}`,
      answering: () => reply,
      code: 5,
      says: [/data selector `data` (found only|matched nothing)/, /GET \/models/],
      hint: /allow_empty: true/,
      resource: { write_disposition },
    })),
  ),
  {
    what: 'a wrong key (401 without a body)',
    answering: status(401, 'text/plain', ''),
    code: 4,
    says: [/GET \/models was refused \(401\)/, /header `X-Key` was sent/, /its value from environment SHOP_KEY/],
    hint: /Check the key in environment SHOP_KEY/,
    asked: 1,
  },
  {
    what: 'a key that may not do this (403)',
    answering: status(403, 'application/problem+json', '{"title":"Forbidden","detail":"No such right"}'),
    code: 4,
    says: [/\(403\)/, /header `X-Key`/, /Forbidden: No such right/],
    hint: /environment SHOP_KEY/,
    asked: 1,
  },
  {
    what: 'an account without money (402)',
    answering: status(402, 'application/json', '{"message":"Balance too low"}'),
    code: 8,
    says: [/cannot pay for GET \/models \(402\)/, /Balance too low/],
    hint: /Add credit to the account/,
    asked: 1,
  },
  {
    what: 'an HTML page with status 502, after all attempts',
    answering: status(502, 'text/html', page),
    code: 5,
    says: [/failed at the source \(502, 3 attempts\): 502 Bad Gateway/],
    hint: /Run again later/,
    asked: 3,
  },
  {
    what: 'an HTML page with status 200',
    answering: status(200, 'text/html', page),
    code: 5,
    says: [/GET \/models/, /HTML/],
    hint: /base_url/,
  },
  {
    what: 'truncated JSON',
    answering: status(200, 'application/json', JSON.stringify(good).slice(0, 30)),
    code: 5,
    says: [/GET \/models/, /is cut short: its JSON ends after 30 bytes/],
    hint: /Run again/,
  },
  {
    what: 'text that is no JSON at all',
    answering: status(200, 'application/json', '{"data": [{"id": 1,}]}'),
    code: 5,
    says: [/GET \/models/, /JSON/],
    hint: /./,
  },
  {
    what: 'an empty reply where records were expected',
    answering: status(200, 'application/json', ''),
    code: 5,
    says: [/GET \/models/, /empty|no body|nothing/i],
    hint: /allow_empty/,
  },
  {
    what: 'a data selector that finds nothing: the keys that were there are listed',
    answering: () => ({ items: [{ id: 1 }], total: 1, 'odd key': null }),
    code: 5,
    says: [/`data`/, /GET \/models/, /items/, /total/, /odd key/],
    hint: /data_selector/,
  },
  {
    what: 'an image instead of JSON',
    answering: (_, response) => void response.writeHead(200, { 'content-type': 'image/png' }).end(png),
    code: 5,
    says: [/GET \/models/, /image\/png/],
    hint: /./,
  },
  {
    what: 'an unknown path (404)',
    answering: () => undefined,
    code: 5,
    says: [/GET \/models was not found \(404\)/],
    hint: /path/,
    asked: 1,
  },
  {
    what: 'a connection that is cut in the middle of the body',
    answering: (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
      response.write('{"data": [', () => response.destroy());
    },
    code: 5,
    says: [/No answer to GET .*\/models \(3 attempts\)/],
    hint: /Run again later/,
    asked: 3,
  },
  {
    what: 'a cursor that leads back to a page that was read',
    answering: ({ query: asked }) => ({ data: [{ id: asked.get('cursor') ?? 'first' }], next: 'again' }),
    code: 5,
    says: [/GET \/models\?cursor=again/, /was read already|same as that to the request before/],
    hint: /paginator/,
    endpoint: cursor,
  },
  {
    what: 'a page that comes again under ever new cursors',
    answering: ({ query: asked }, response) =>
      // The next cursor stands in a header, so that the bodies are equal.
      void response
        .writeHead(200, { 'content-type': 'application/json', 'x-next': String(Number(asked.get('cursor') ?? 0) + 1) })
        .end(JSON.stringify({ data: good.data })),
    code: 5,
    says: [/same as that to the request before it/],
    hint: /paginator/,
    endpoint: { ...endpoint, paginator: { type: 'header_cursor', cursor_key: 'x-next', cursor_param: 'cursor' } },
    asked: 2,
  },
];

export const alone: readonly BadAlone[] = [
  {
    what: 'a reply that is too large',
    answering: () => ({ data: [{ id: 1, name: 'x'.repeat(5000) }] }),
    code: 5,
    says: [/larger than 2000 bytes/, /max_response_bytes/],
    hint: /max_response_bytes/,
    asked: 1,
    client: { max_response_bytes: 2000 },
  },
  {
    what: 'a source that wants a longer pause than is waited for',
    answering: status(429, 'application/json', '{}', { 'retry-after': '86400' }),
    code: 5,
    says: [/too busy for GET \/models \(429\)/, /asked again at \d{4}-\d\d-\d\dT/],
    hint: /Run again after .*max_delay/,
    asked: 1,
  },
  {
    what: 'more columns than a table may have',
    answering: () => ({ data: [Object.fromEntries(Array.from({ length: 2_001 }, (_, n) => [`id${n}`, n]))] }),
    code: 7,
    says: [/Table models would have \d+ columns/, /`max_columns` allows 2000/, /from GET \/models/],
    hint: /data_type: json/,
    resource: { write_disposition: 'append' },
  },
  {
    what: 'a record without its key',
    answering: () => ({ data: [...good.data, { name: 'no id' }] }),
    code: 7,
    says: [/models/, /id/],
    hint: /primary_key/,
  },
  {
    what: 'a column that the contract does not allow',
    answering: () => ({ data: [{ id: 1, name: 'one', surprise: 'from another world' }] }),
    code: 7,
    says: [/`columns: freeze`/, /column surprise of table models/, /from another world/, /from GET \/models/],
    hint: /schema_contract/,
    resource: { schema_contract: { columns: 'freeze' } },
  },
];
