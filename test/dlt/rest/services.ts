import {
  type Api,
  addressed,
  at,
  bad,
  from,
  json,
  linked,
  many,
  numbered,
  numberOf,
  param,
  refused,
  unixAt,
} from './call.ts';
import { articles, events, issues, orders } from './records.ts';

/** By their paths, as regular expressions. */
export const services: readonly (readonly [string, Api])[] = [
  [
    '/github/repos/dlt-hub/dlt/issues',
    (call) => {
      if (call.headers.authorization !== 'Bearer gh-token') return refused;
      const since = param(call, 'since');
      return linked(
        call,
        issues(call.round).filter(({ updated_at }) => updated_at >= since),
        numberOf(call, 'per_page', 30),
      );
    },
  ],
  [
    '/github/repos/dlt-hub/dlt/issues/(\\d+)/comments',
    (call, issue) => {
      if (Number(issue) === 5) return { status: 404, body: { message: 'Not Found' } };
      return linked(
        call,
        many(Number(issue) % 4, (n) => ({ id: Number(issue) * 100 + n, body: `Comment ${n}`, user: null })),
        2,
      );
    },
  ],
  [
    '/poke/(pokemon|berry|location)',
    (call, kind) => {
      const [limit, offset] = [numberOf(call, 'limit', 20), numberOf(call, 'offset', 0)];
      const all = many(kind === 'berry' ? 5 : 45, (n) => ({
        name: `${kind}-${n}`,
        url: `${call.base}/poke/${kind}/${n}/`,
      }));
      const next = offset + limit < all.length ? addressed(call, { limit, offset: offset + limit }) : null;
      return { body: { count: all.length, next, previous: null, results: all.slice(offset, offset + limit) } };
    },
  ],
  [
    '/poke/(pokemon|berry|location)/(.+)/',
    (_, kind, id) => ({ body: { id: Number(id), kind, moves: [{ name: 'a' }, { name: 'b' }] } }),
  ],
  [
    '/jira/rest/api/3/(search|project/search)',
    (call, what) => {
      if (call.headers.authorization !== `Basic ${Buffer.from('me@example.com:jira-token').toString('base64')}`)
        return refused;
      const [startAt, maxResults] = [numberOf(call, 'startAt', 0), numberOf(call, 'maxResults', 50)];
      const all = many(what === 'search' ? 23 : 3, (n) => ({
        id: String(n),
        key: `P-${n}`,
        fields: { summary: `S ${n}`, labels: ['x'] },
      }));
      const page = all.slice(startAt, startAt + maxResults);
      const list = what === 'search' ? { issues: page } : { values: page };
      return { body: { startAt, maxResults, total: all.length, ...list } };
    },
  ],
  [
    '/shopify/orders.json',
    (call) => {
      if (call.headers['x-shopify-access-token'] !== 'shop-token') return refused;
      const since = param(call, 'updated_at_min');
      const limit = numberOf(call, 'limit', 50);
      const { page, next } = from(
        orders(call.round).filter(({ updated_at }) => updated_at >= since),
        call.query.get('page_info') ?? 0,
        limit,
      );
      const link = `<${addressed(call, { page_info: next })}>; rel="next"`;
      return { headers: next === undefined ? {} : { link }, body: { orders: page } };
    },
  ],
  [
    '/stripe/v1/(customers|charges)',
    (call, what) => {
      if (call.headers.authorization !== 'Bearer sk_test') return refused;
      const since = numberOf(call, 'created[gte]', 0);
      const all = many(call.round === 0 ? 11 : 13, (n) => ({
        id: `${what.slice(0, 2)}_${n}`,
        object: what,
        created: unixAt(n),
        metadata: {},
      })).filter(({ created }) => created >= since);
      const after = call.query.get('starting_after');
      const start = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
      const limit = numberOf(call, 'limit', 10);
      return { body: { object: 'list', data: all.slice(start, start + limit), has_more: start + limit < all.length } };
    },
  ],
  [
    '/hubspot/crm/v3/objects/contacts/search',
    (call) => {
      const asked = json(call);
      const since = String(asked.filterGroups?.[0]?.filters?.[0]?.value ?? '');
      const all = many(call.round === 0 ? 8 : 10, (n) => ({
        id: String(n),
        properties: { email: `${n}@example.com`, lastmodifieddate: at(n) },
        archived: false,
      })).filter(({ properties }) => properties.lastmodifieddate >= since);
      const { page, next } = from(all, asked.after, asked.limit ?? 100);
      return {
        body: {
          total: all.length,
          results: page,
          ...(next === undefined ? {} : { paging: { next: { after: next } } }),
        },
      };
    },
  ],
  [
    '/notion/v1/search',
    (call) => {
      if (call.headers['notion-version'] !== '2022-06-28') return bad('Notion-Version');
      const { page, next } = from(
        many(3, (n) => ({ object: 'database', id: `db-${n}` })),
        json(call).start_cursor,
        2,
      );
      return { body: { object: 'list', results: page, next_cursor: next ?? null, has_more: next !== undefined } };
    },
  ],
  [
    '/notion/v1/databases/(.+)/query',
    (call, id) => {
      const asked = json(call);
      const all = many(5, (n) => ({
        object: 'page',
        id: `${id}-${n}`,
        properties: { Name: { title: [{ plain_text: `P${n}` }] } },
      }));
      const { page, next } = from(all, asked.start_cursor, asked.page_size ?? 100);
      return { body: { object: 'list', results: page, next_cursor: next ?? null, has_more: next !== undefined } };
    },
  ],
  [
    '/zendesk/api/v2/incremental/tickets.json',
    (call) => {
      const since = numberOf(call, 'start_time', 0);
      const all = many(call.round === 0 ? 6 : 9, (n) => ({
        id: n,
        generated_timestamp: unixAt(n),
        subject: `T${n}`,
        via: { source: { from: {} } },
      })).filter(({ generated_timestamp }) => generated_timestamp >= since);
      const page = all.slice(0, 4);
      const last = all.length <= 4;
      return {
        body: {
          tickets: page,
          count: page.length,
          end_of_stream: last,
          next_page: last ? null : addressed(call, { start_time: page.at(-1)?.generated_timestamp }),
        },
      };
    },
  ],
  [
    '/gitlab/api/v4/projects',
    (call) => {
      if (call.headers['private-token'] !== 'gl-token') return refused;
      return numbered(
        call,
        many(5, (n) => ({ id: n, path_with_namespace: `g/p${n}`, namespace: { id: 1 } })),
        2,
      );
    },
  ],
  [
    '/gitlab/api/v4/projects/(\\d+)/issues',
    (call, id) =>
      numbered(
        call,
        many(Number(id), (n) => ({ iid: n, project_id: Number(id) })),
        2,
      ),
  ],
  [
    '/graphql',
    (call) => {
      const { query, variables } = json(call);
      if (!/^query \{|^query\(\$after: String\) \{/.test(query))
        return { body: { errors: [{ message: `syntax: ${query}` }] } };
      const { page, next } = from(
        many(5, (n) => ({ id: `G${n}`, author: { login: `u${n}` } })),
        variables?.after ?? 0,
        2,
      );
      return {
        body: {
          data: {
            repository: {
              issues: { nodes: page, pageInfo: { hasNextPage: next !== undefined, endCursor: next ?? null } },
            },
          },
        },
      };
    },
  ],
  [
    '/frankfurter/(\\d{4}-\\d\\d-\\d\\d)\\.\\.(\\d{4}-\\d\\d-\\d\\d)?',
    (_, start, end) => ({
      body: {
        base: 'EUR',
        start_date: start,
        end_date: end ?? '2024-01-05',
        rates: { [start]: { USD: 1.1, CHF: 0.95 } },
      },
    }),
  ],
  [
    '/jsonplaceholder/users',
    () => ({ body: many(4, (n) => ({ id: n, name: `U${n}`, address: { geo: { lat: '1.5', lng: '-2' } } })) }),
  ],
  [
    '/jsonplaceholder/posts',
    (call) => ({
      body: many(6, (n) => ({ userId: Math.ceil(n / 2), id: n, title: `P${n}` })).filter(
        ({ userId }) => !call.query.has('userId') || String(userId) === call.query.get('userId'),
      ),
    }),
  ],
  [
    '/jsonplaceholder/posts/(\\d+)/comments',
    (_, post) => ({ body: many(2, (n) => ({ postId: Number(post), id: Number(post) * 10 + n, email: 'e' })) }),
  ],
  ['/jsonplaceholder/posts/(\\d+)', (_, post) => ({ body: { id: Number(post), title: `P${post}`, tags: ['a', 'b'] } })],
  [
    '/jsonplaceholder/comments',
    (call) => ({
      body: many(12, (n) => ({ postId: Math.ceil(n / 2), id: n })).filter(
        ({ postId }) => String(postId) === call.query.get('postId'),
      ),
    }),
  ],
  ['/jsonplaceholder/me', () => ({ body: { id: 7, name: 'Me', settings: { dark: true } } })],
  [
    '/guardian/search',
    (call) => {
      if (param(call, 'api-key') !== 'g-key') return refused;
      const all = articles.filter(({ webPublicationDate }) => webPublicationDate >= param(call, 'from-date'));
      const [page, size] = [numberOf(call, 'page', 1), numberOf(call, 'page-size', 10)];
      const results = all.slice((page - 1) * size, page * size);
      return {
        body: {
          response: {
            status: 'ok',
            total: all.length,
            currentPage: page,
            pages: Math.ceil(all.length / size),
            results,
          },
        },
      };
    },
  ],
  ['/orgs', () => ({ body: { data: many(2, (n) => ({ id: n, slug: `org-${n}`, owner: { name: `O${n}` } })) } })],
  [
    '/orgs/(\\d+)/repos',
    (_, org) => ({
      body: { data: many(2, (n) => ({ id: Number(org) * 10 + n, name: `r${n}`, org_slug: `org-${org}` })) },
    }),
  ],
  [
    '/repos/(\\d+)/commits',
    (_, repo) => ({ body: { data: many(2, (n) => ({ sha: `${repo}-${n}`, files: [{ name: 'f' }] })) } }),
  ],
  ['/events', (call) => ({ body: { items: events(call.round).reverse() } })],
  [
    '/tenant',
    (call) => ({
      body: { data: [{ id: 1, tenant: call.headers['x-tenant'] ?? null, version: call.headers['x-version'] ?? null }] },
    }),
  ],
  [
    '/batch/(\\w+)',
    (call, what) => ({ body: { data: many(2, (n) => ({ id: n, what, body: call.body.replaceAll(' ', '') })) } }),
  ],
];
