import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { type PaginatorConfig, paginatorSchema } from '../../../src/config/grammar/paginator-schema.ts';
import type { ResolvedResource } from '../../../src/config/pipeline-config.ts';
import { BASE, client, collect, type EndpointParts, effectsNoting, resource } from '../collect.ts';
import { useNock } from '../http/nock-guard.ts';

useNock();

const page = (...ids: number[]) => ids.map((id) => ({ id }));
const two = page(1, 2);

interface Reply {
  readonly body: object;
  readonly headers?: Record<string, string>;
}

/** Answers one request after the other, whatever their queries are. */
function answer(...replies: readonly Reply[]): void {
  for (const { body, headers = {} } of replies) {
    nock(BASE).get('/posts').query(true).reply(200, JSON.stringify(body), headers);
  }
}

function posts(paginator?: unknown, more: EndpointParts = {}): ResolvedResource {
  const config: PaginatorConfig | undefined = paginator === undefined ? undefined : paginatorSchema.parse(paginator);
  return resource({ path: 'posts', data_selector: 'data', ...(config && { paginator: config }), ...more }, 'posts');
}

const removing: [string, Partial<ResolvedResource>][] = [
  ['`replace`', { write_disposition: { disposition: 'replace' } }],
  ['`scd2`', { write_disposition: { disposition: 'merge', strategy: 'scd2' } }],
  ['`merge` by `merge_key`', { write_disposition: { disposition: 'merge' }, merge_key: ['day'] }],
  ['`merge` by `merge_key`', { write_disposition: { disposition: 'merge' }, columns: { day: { merge_key: true } } }],
];
const keeping: Partial<ResolvedResource>[] = [
  {},
  { write_disposition: { disposition: 'merge' }, primary_key: ['id'] },
  { write_disposition: { disposition: 'merge', strategy: 'upsert' }, primary_key: ['id'] },
  { write_disposition: { disposition: 'merge', strategy: 'insert-only' }, primary_key: ['id'] },
];

/** Links that `auto` follows, but not with a POST. */
const links: [shown: string, paginator: string, reply: Reply][] = [
  ['`Link: rel="next"`', 'header_link', { body: { data: two }, headers: { Link: '</posts?page=2>; rel="next"' } }],
  ['`next: ?page=2`', '{ type: json_link, next_url_path: next }', { body: { data: two, next: '?page=2' } }],
  [
    "`$['@odata.nextLink']: https://x.test/2`",
    `{ type: json_link, next_url_path: "$['@odata.nextLink']" }`,
    { body: { data: two, '@odata.nextLink': 'https://x.test/2' } },
  ],
  [
    '`_links.next.href: /2`',
    '{ type: json_link, next_url_path: _links.next.href }',
    { body: { data: two, _links: { next: { href: '/2' } } } },
  ],
  [
    '`nextRecordsUrl: /2`',
    '{ type: json_link, next_url_path: nextRecordsUrl }',
    { body: { data: two, done: false, nextRecordsUrl: '/2' } },
  ],
  [
    "`$['link'][?@.relation == 'next'].url: /2`",
    `{ type: json_link, next_url_path: "$['link'][?@.relation == 'next'].url" }`,
    {
      body: {
        data: two,
        link: [
          { relation: 'self', url: '/1' },
          { relation: 'next', url: '/2' },
        ],
      },
    },
  ],
];

/** What one page shows of others, and the paginator that would read them. */
const shapes: [shown: string, paginator: string, reply: Reply][] = [
  [
    '`next: 2`, `pages: 5`',
    '{ type: page_number, base_page: 1, total_path: pages }',
    { body: { data: two, next: 2, pages: 5 } },
  ],
  [
    '`meta.next_page: 1`',
    '{ type: page_number, base_page: 0, total_path: null }',
    { body: { data: two, meta: { page: 0, next_page: 1 } } },
  ],
  [
    '`meta.next_offset: 2`, `meta.total: 40`',
    '{ type: offset, limit: 2, total_path: meta.total }',
    { body: { data: two, meta: { next_offset: 2, total: 40 } } },
  ],
  [
    '`nextPageToken: CAUQAA`',
    '{ type: cursor, cursor_path: nextPageToken, cursor_param: … }',
    { body: { data: two, nextPageToken: 'CAUQAA' } },
  ],
  [
    '`response_metadata.next_cursor: dXNl`',
    '{ type: cursor, cursor_path: response_metadata.next_cursor, cursor_param: … }',
    { body: { data: two, response_metadata: { next_cursor: 'dXNl' } } },
  ],
  [
    '`has_more: true`, `next_cursor: c2`',
    '{ type: cursor, cursor_path: next_cursor, cursor_param: …, has_more_path: has_more }',
    { body: { data: two, has_more: true, next_cursor: 'c2' } },
  ],
  [
    '`paging.next.after: NTI1`',
    '{ type: cursor, cursor_path: paging.next.after, cursor_param: … }',
    { body: { data: two, paging: { next: { after: 'NTI1' } } } },
  ],
  [
    '`pagination.cursor: eyJi`',
    '{ type: cursor, cursor_path: pagination.cursor, cursor_param: … }',
    { body: { data: two, pagination: { cursor: 'eyJi' } } },
  ],
  [
    '`offset: itr/rec`',
    '{ type: cursor, cursor_path: offset, cursor_param: … }',
    { body: { data: two, offset: 'itr/rec' } },
  ],
  [
    '`LastEvaluatedKey: …`',
    '{ type: cursor, cursor_path: LastEvaluatedKey, cursor_param: … }',
    { body: { data: two, LastEvaluatedKey: { id: 7 } } },
  ],
  ...[
    { shown: '`meta.next_cursor: 20`', path: 'meta.next_cursor', body: { data: two, meta: { next_cursor: '20' } } },
    { shown: '`nextToken: 2`', path: 'nextToken', body: { data: two, nextToken: 2 } },
    { shown: '`next: 300`', path: 'next', body: { data: two, next: 300 } },
    { shown: '`next: 3`', path: 'next', body: { data: page(1, 2, 3), next: '3' } },
  ].map(({ shown, path, body }): [string, string, Reply] => [
    shown,
    `{ type: cursor, cursor_path: ${path}, cursor_param: … }`,
    { body },
  ]),
  [
    '`next: 3`, `total: 40`',
    '{ type: offset, limit: 3, total_path: total }',
    { body: { data: page(1, 2, 3), next: 3, total: 40 } },
  ],
  ['`next: 8`', '{ type: page_number, base_page: 1, total_path: null }', { body: { data: two, page: 7, next: 8 } }],
  [
    '`hasMore: true`',
    '{ type: page_number, base_page: 1, total_path: null, has_more_path: hasMore }',
    { body: { data: two, hasMore: true } },
  ],
  [
    '`pageInfo.hasNextPage: true`',
    '{ type: cursor, cursor_path: pageInfo.endCursor, cursor_param: …, has_more_path: pageInfo.hasNextPage }',
    { body: { data: two, pageInfo: { hasNextPage: true, endCursor: 'Y3Vy' } } },
  ],
  [
    '`last: false`, `totalElements: 40`, `totalPages: 20`',
    '{ type: page_number, base_page: 0, total_path: totalPages }',
    { body: { data: two, last: false, totalPages: 20, totalElements: 40, number: 0 } },
  ],
  [
    '`additional_data.pagination.more_items_in_collection: true`',
    '{ type: page_number, base_page: 1, total_path: null, has_more_path: additional_data.pagination.more_items_in_collection }',
    { body: { data: two, additional_data: { pagination: { more_items_in_collection: true } } } },
  ],
  ['`isLast: false`', '{ type: page_number, base_page: 1, total_path: null }', { body: { data: two, isLast: false } }],
  [
    '`exceededTransferLimit: true`',
    '{ type: page_number, base_page: 1, total_path: null, has_more_path: exceededTransferLimit }',
    { body: { data: two, exceededTransferLimit: true } },
  ],
  [
    '`more_topics_url: /latest?page=1`',
    '{ type: json_link, next_url_path: more_topics_url }',
    { body: { data: two, more_topics_url: '/latest?page=1' } },
  ],
  ['`total: 40`', '{ type: offset, limit: 2, total_path: total }', { body: { data: two, total: 40 } }],
  ['`count: 40`', '{ type: offset, limit: 2, total_path: count }', { body: { data: two, count: 40 } }],
  [
    '`meta.total_count: 40`',
    '{ type: offset, limit: 2, total_path: meta.total_count }',
    { body: { data: two, meta: { total_count: '40' } } },
  ],
  [
    '`total_pages: 3`',
    '{ type: page_number, base_page: 1, total_path: total_pages }',
    { body: { data: two, total_pages: 3 } },
  ],
  [
    '`last_page: 5`',
    '{ type: page_number, base_page: 1, total_path: last_page }',
    { body: { data: two, current_page: 1, last_page: 5 } },
  ],
  [
    '`X-Next-Page: 2`, `X-Total-Pages: 9`',
    '{ type: header_cursor, cursor_key: X-Next-Page, cursor_param: page }',
    { body: { data: two }, headers: { 'X-Next-Page': '2', 'X-Total-Pages': '9', 'X-Page': '1' } },
  ],
  [
    '`X-Total-Pages: 9`',
    '{ type: page_number, base_page: 1, total_header: X-Total-Pages }',
    { body: { data: two }, headers: { 'X-Total-Pages': '9' } },
  ],
  [
    '`Content-Range: items 0-1/9`',
    '{ type: offset, limit: 2, total_header: Content-Range }',
    { body: { data: two }, headers: { 'Content-Range': 'items 0-1/9' } },
  ],
  [
    '`X-Total-Count: 9`',
    '{ type: offset, limit: 2, total_header: X-Total-Count }',
    { body: { data: two }, headers: { 'X-Total-Count': '9' } },
  ],
];

const note = (shown: string, paginator: string) =>
  `the reply says that there is more (${shown}), only its first page was read: set \`paginator: ${paginator}\`, or \`single_page\``;

describe('a page that shows others', () => {
  it.each(shapes)('is noted: %s', async (shown, paginator, reply) => {
    answer(reply);
    const { outcome, records } = await collect(posts());
    expect(records.slice(0, 2)).toEqual(two);
    expect(outcome?.notes).toEqual([note(shown, paginator)]);
  });

  it.each(links)('with a link that is not followed is noted: %s', async (shown, paginator, { body, headers = {} }) => {
    nock(BASE).post('/posts').reply(200, JSON.stringify(body), headers);
    const { outcome } = await collect(posts(undefined, { method: 'POST', json: {} }));
    expect(outcome?.notes).toEqual([expect.stringContaining(`set \`paginator: ${paginator}\``)]);
    expect(outcome?.notes[0]).toContain(shown);
  });

  it('is none where a header counts the bytes of the reply', async () => {
    answer({ body: { data: two }, headers: { 'Content-Range': 'bytes 0-99/100' } });
    expect((await collect(posts())).outcome?.notes).toEqual([]);
  });

  it('of a POST is noted with what the body can hold', async () => {
    const pageInfo = { hasNextPage: true, endCursor: 'Y3Vy' };
    nock(BASE)
      .post('/posts')
      .reply(200, { data: { posts: { edges: two.map((node) => ({ node, cursor: 'x' })), pageInfo } } });
    const query = posts(undefined, { method: 'POST', json: {}, data_selector: '$.data.posts.edges[*].node' });
    expect((await collect(query)).outcome?.notes).toEqual([
      note(
        '`data.posts.pageInfo.hasNextPage: true`',
        '{ type: cursor, cursor_path: data.posts.pageInfo.endCursor, cursor_body_path: …, has_more_path: data.posts.pageInfo.hasNextPage }',
      ),
    ]);
  });

  it('of a list below another is noted with its whole path', async () => {
    answer({ body: { boards: [{ items_page: { cursor: 'MSw', items: two } }] } });
    const { outcome } = await collect(posts(undefined, { data_selector: 'boards[0].items_page.items' }));
    expect(outcome?.notes).toEqual([
      note(
        "`$['boards'][0]['items_page']['cursor']: MSw`",
        `{ type: cursor, cursor_path: "$['boards'][0]['items_page']['cursor']", cursor_param: … }`,
      ),
    ]);
  });

  it('is told on stderr at once', async () => {
    const warnings: string[] = [];
    const effects = { ...effectsNoting([]), log: { warn: (text: string) => warnings.push(text), progress() {} } };
    answer({ body: { data: two, next: 2 } });
    const { outcome } = await collect(posts(), { effects });
    expect(warnings).toEqual([`posts: ${outcome?.notes[0]}`]);
  });

  it('is read whole with the paginator that the note names', async () => {
    answer({ body: { data: two, next: 2, pages: 2 } }, { body: { data: page(3), next: null, pages: 2 } });
    const paginator = { type: 'page_number', base_page: 1, total_path: 'pages' };
    expect(await collect(posts(paginator))).toMatchObject({ records: page(1, 2, 3), outcome: { notes: [] } });
  });

  it.each(removing)('is an error with %s: rows would vanish', async (disposition, resourceParts) => {
    answer({ body: { data: two, next: 2, pages: 5 } });
    const { error, pages } = await collect({ ...posts(), ...resourceParts });
    expect(error).toMatchObject({
      code: 'ListIncomplete',
      exitCode: 5,
      message: `\`posts\`: the reply says that there is more (\`next: 2\`, \`pages: 5\`), only its first page was read; ${disposition} would remove the rows that were not read.`,
      hint: 'Set `paginator: { type: page_number, base_page: 1, total_path: pages }`, or `single_page`.',
    });
    // No position after it is kept: to run again is to look again.
    expect(pages).toEqual([]);
  });

  it.each(keeping)('is no error with %j: no rows vanish', async (resourceParts) => {
    answer({ body: { data: two, next: 2 } });
    expect(await collect({ ...posts(), ...resourceParts })).toMatchObject({ error: undefined, records: two });
  });

  it('is nobody’s business where the configuration says `single_page`', async () => {
    const reply = { body: { data: two, next: 2, has_more: true, total: 40 }, headers: { Link: '</2>; rel=next' } };
    answer(reply, reply);
    const single = { type: 'single_page' } as const;
    const replace = { write_disposition: { disposition: 'replace' } } as const;
    for (const [what, context] of [
      [posts('single_page'), {}],
      [posts(), { client: { ...client, paginator: single } }],
    ] as const) {
      const { outcome, error } = await collect({ ...what, ...replace }, context);
      expect(error).toBeUndefined();
      expect(outcome?.notes).toEqual([]);
    }
  });

  it('of a single entity with a list is noted, though the client has a paginator', async () => {
    nock(BASE).get('/users/7').reply(200, { posts: two, total: 9 });
    const user = resource({ path: 'users/{id}', params: { id: 7 }, data_selector: 'posts' });
    const { outcome } = await collect(user, { client: { ...client, paginator: paginatorSchema.parse('page_number') } });
    expect(outcome?.notes).toEqual([expect.stringContaining('`total: 9`')]);
  });

  it.each([
    ['a list under the name of the path', { posts: two, total: 9 }],
    ['a list beside a page number', { items_found: two, page: 1, total: 9 }],
    ['a flag', { things: two, has_more: true }],
  ])('without a data selector is noted too: %s', async (_, body) => {
    answer({ body });
    const { outcome } = await collect(resource({ path: 'posts' }));
    expect(outcome?.notes).toEqual([expect.stringContaining('the reply says that there is more')]);
  });

  it('shows no secret and no password', async () => {
    answer({ body: { data: two, next_cursor: `x${'DEZGO-00112233445566778899AABBCCDDEEFF'}y` } });
    expect((await collect(posts())).outcome?.notes[0]).toContain('`next_cursor: x***y`');
    nock(BASE).post('/posts').reply(200, { data: two, next: 'https://me:pass@x.test/2' });
    const { outcome } = await collect(posts(undefined, { method: 'POST', json: {} }));
    expect(outcome?.notes[0]).toContain('`next: https://***@x.test/2`');
  });
});

describe('a paginator that ends too early', () => {
  it.each<[string, unknown, Reply, string]>([
    [
      'a mistyped cursor_path',
      { type: 'cursor', cursor_path: 'meta.nxt' },
      { body: { data: two, meta: { next: 'c2' } } },
      'the reply says that there is more (`meta.next: c2`), but not `meta.nxt`, the `cursor_path`, only its first page was read: set `paginator: { type: cursor, cursor_path: meta.next, cursor_param: … }`',
    ],
    [
      'a has_more_path that says so, and no cursor',
      { type: 'cursor', cursor_path: 'nxt', has_more_path: 'meta.goes_on' },
      { body: { data: two, meta: { goes_on: true } } },
      'the reply says that there is more (`meta.goes_on: true`), but not `nxt`, the `cursor_path`, only its first page was read: correct the `paginator`, perhaps `{ type: page_number, base_page: 1, total_path: null, has_more_path: meta.goes_on }`',
    ],
    [
      'a mistyped next_url_path',
      { type: 'json_link', next_url_path: 'nxt' },
      { body: { data: two, next: '/posts?page=2' } },
      'the reply says that there is more (`next: /posts?page=2`), but not `nxt`, the `next_url_path`, only its first page was read: set `paginator: { type: json_link, next_url_path: next }`',
    ],
    [
      'a header_link where no header comes',
      'header_link',
      { body: { data: two, has_more: true } },
      'the reply says that there is more (`has_more: true`), but not a header `Link`, only its first page was read: correct the `paginator`, perhaps `{ type: page_number, base_page: 1, total_path: null, has_more_path: has_more }`',
    ],
    [
      'a header_link with another relation',
      { type: 'header_link', links_next_key: 'nxt' },
      { body: { data: two }, headers: { Link: '</2>; rel=next' } },
      'the reply says that there is more (`Link: rel="next"`), only its first page was read: set `paginator: header_link`',
    ],
    [
      'a mistyped cursor_key',
      { type: 'header_cursor', cursor_key: 'X-Next' },
      { body: { data: two }, headers: { 'X-Next-Page': '2' } },
      'the reply says that there is more (`X-Next-Page: 2`), but not a header `X-Next`, only its first page was read: set `paginator: { type: header_cursor, cursor_key: X-Next-Page, cursor_param: page }`',
    ],
    [
      'a path that is there and always null',
      { type: 'json_link', next_url_path: 'previous' },
      { body: { data: two, previous: null, next: '/2' } },
      'the reply says that there is more (`next: /2`), only its first page was read: set `paginator: { type: json_link, next_url_path: next }`',
    ],
    [
      'a total that counts the page alone',
      { type: 'offset', limit: 2, total_path: 'count' },
      { body: { data: two, count: 2, total: 40 } },
      'the reply says that there is more (`total: 40`), only its first page was read: correct the `paginator`, or set `total_path: null` in it if that does not count its records',
    ],
    [
      'a total that counts the page alone, beside a link',
      { type: 'offset', limit: 2, total_path: 'count' },
      { body: { data: two, count: 2, next: '/2' } },
      'the reply says that there is more (`next: /2`), only its first page was read: set `paginator: { type: json_link, next_url_path: next }`',
    ],
    [
      'an empty page, beside has_more',
      'page_number',
      { body: { data: [], has_more: true } },
      'the reply says that there is more (`has_more: true`), only its first page was read: correct the `paginator`, perhaps `{ type: page_number, base_page: 1, total_path: null, has_more_path: has_more }`',
    ],
  ])('is noted, and an error with `replace`: %s', async (_, paginator, reply, expected) => {
    answer(reply, reply);
    const appended = await collect(posts(paginator));
    expect(appended.outcome?.notes.filter((text) => text !== 'no records')).toEqual([expected]);
    const replaced = await collect({ ...posts(paginator), write_disposition: { disposition: 'replace' } });
    expect(replaced.error).toMatchObject({ code: 'ListIncomplete', exitCode: 5 });
  });

  it('after some pages says how much was read', async () => {
    answer({ body: { data: two, total: 40, next: 'b' } }, { body: { data: page(3), total: 40, next: null } });
    const { outcome } = await collect(posts({ type: 'cursor', cursor_path: 'next' }));
    expect(outcome?.notes).toEqual([
      'the reply says that there is more (`total: 40`), only 3 records were read: correct the `paginator`, or set `total_path: null` in it if that does not count its records',
    ]);
  });

  it('before a reply that is ignored is noted by its total', async () => {
    answer({ body: { data: two, total: 40 } });
    nock(BASE).get('/posts?page=1').reply(404);
    const ignore = { response_actions: [{ status_code: 404, action: 'ignore' as const }] };
    const { outcome, records } = await collect(posts({ type: 'page_number', total_path: 'meta.pages' }, ignore));
    expect(records).toEqual(two);
    expect(outcome?.notes).toEqual([expect.stringContaining('`total: 40`')]);
  });

  it('is known after a part was read by an earlier run', async () => {
    const replies = [{ body: { data: two, total: 40, next: 'b' } }, { body: { data: page(3), total: 40, next: null } }];
    answer(...replies);
    const what = posts({ type: 'cursor', cursor_path: 'next' });
    const whole = await collect(what);
    answer(...replies.slice(1));
    const position = JSON.parse(JSON.stringify(whole.pages[0]?.position));
    expect((await collect(what, { position })).outcome?.notes).toEqual(whole.outcome?.notes);
  });
});

describe('a list of which nothing tells whether it was read to its end', () => {
  const text = (lead: string, size: string) =>
    `no reply had ${lead}, so only the first page was read (${size}): correct the \`paginator\``;

  it.each<[unknown, string]>([
    ['header_link', 'a header `Link`'],
    [{ type: 'cursor', cursor_path: 'meta.next' }, '`meta.next`, the `cursor_path`'],
    [{ type: 'json_link', next_url_path: 'next' }, '`next`, the `next_url_path`'],
    [{ type: 'header_cursor', cursor_key: 'X-Next' }, 'a header `X-Next`'],
  ])('because nothing led on with %j is noted, and no error', async (paginator, lead) => {
    answer({ body: { data: two } });
    const { outcome, error } = await collect({ ...posts(paginator), write_disposition: { disposition: 'replace' } });
    expect(error).toBeUndefined();
    expect(outcome?.notes).toEqual([
      `${text(lead, '2 records')}; if that is all there is, ask for more than that a page in \`params\`, such as \`limit: 100\``,
    ]);
  });

  it('but whose only page is full is an error with `replace`', async () => {
    answer({ body: { data: two } }, { body: { data: two } });
    const full = posts('header_link', { params: { per_page: 2 } });
    expect((await collect(full)).outcome?.notes).toEqual([
      `${text('a header `Link`', '2 records, as many as were asked for')}, or set \`single_page\``,
    ]);
    expect((await collect({ ...full, write_disposition: { disposition: 'replace' } })).error).toMatchObject({
      code: 'ListIncomplete',
    });
  });

  it.each(['limit', 'per_page', '$top', 'pageSize', 'page[size]', 'maxResults', 'first'])(
    'is taken for whole where its page is shorter than `%s` asks for',
    async (name) => {
      answer({ body: { data: two } });
      const { outcome } = await collect(posts('header_link', { params: { [name]: 100 } }));
      expect(outcome?.notes).toEqual([]);
    },
  );

  it('is taken for whole where a body asks for more', async () => {
    nock(BASE).post('/posts').reply(200, { data: two });
    const json = { query: 'q', variables: { first: 50 } };
    const { outcome } = await collect(posts({ type: 'cursor', cursor_path: 'x' }, { method: 'POST', json }));
    expect(outcome?.notes).toEqual([]);
  });

  it('is suspected where the source may have cut the page down', async () => {
    answer({ body: { data: page(...Array.from({ length: 100 }, (_, id) => id)) } });
    const { outcome } = await collect(posts('header_link', { params: { per_page: 1000 } }));
    expect(outcome?.notes).toEqual([expect.stringContaining('(100 records)')]);
  });
});

describe('a list that was read to its end is not noted', () => {
  it.each<[string, unknown, Reply[]]>([
    ['no paginator, a bare list', undefined, [{ body: two }]],
    ['no paginator, nothing said', undefined, [{ body: { data: two } }]],
    ['no paginator, an empty list', undefined, [{ body: { data: [], total: 0, next: null } }]],
    ['a total that is reached', undefined, [{ body: { data: two, total: 2 } }]],
    ['a count of the page', undefined, [{ body: { data: two, count: 2, next: null, previous: null } }]],
    ['one page of one', undefined, [{ body: { data: two, page: 1, pages: 1, total_pages: 1, next_page: 1 } }]],
    ['the last page of five', undefined, [{ body: { data: two, current_page: 5, last_page: 5 } }]],
    ['has_more false beside a cursor', undefined, [{ body: { data: two, has_more: false, cursor: 'always' } }]],
    [
      'has_more false beside a total of something else',
      undefined,
      [{ body: { data: two, has_more: false, total: 99 } }],
    ],
    ['the size of a page', undefined, [{ body: { data: two, paging: { start: 0, count: 10 } } }]],
    ['a count beside a total that is reached', undefined, [{ body: { data: two, count: 10, total: 2 } }]],
    [
      'a link that says it has nothing',
      'header_link',
      [
        {
          body: { data: two },
          headers: { Link: '</2>; rel="previous"; results="false", </3>; rel="next"; results="false"' },
        },
      ],
    ],
    ['empty signs', undefined, [{ body: { data: two, next_cursor: '', meta: { next: null }, paging: {} } }]],
    ['the end of Spring', undefined, [{ body: { data: two, last: true, totalPages: 1, totalElements: 2, number: 0 } }]],
    [
      'cursors of the page itself',
      undefined,
      [{ body: { data: two, paging: { cursors: { before: 'a', after: 'b' } } } }],
    ],
    ['an end cursor', undefined, [{ body: { data: two, pageInfo: { hasNextPage: false, endCursor: 'b' } } }]],
    [
      'words that only look so',
      undefined,
      [{ body: { data: two, next_billing: '2026-01-01', nextSyncToken: 'x', nexus: 5, pages_per_sheet: 9 } }],
    ],
    ['totals that are money', undefined, [{ body: { data: two, total: 12.5 } }]],
    [
      'totals of something beside the list',
      undefined,
      [{ body: { data: two, stats: { total: 99 }, _shards: { total: 5 }, user: { pages: 7 } } }],
    ],
    [
      'empty headers',
      undefined,
      [
        {
          body: { data: two },
          headers: { 'X-Next-Page': '', 'X-Total-Pages': '1', 'X-Total': '2', Link: '</1>; rel="first"' },
        },
      ],
    ],
    [
      'a cursor that ends with null, total and all',
      { type: 'cursor', cursor_path: 'next' },
      [{ body: { data: two, next: 'b', total: 3 } }, { body: { data: page(3), next: null, total: 3 } }],
    ],
    [
      'a cursor whose key is missing at the end',
      { type: 'cursor', cursor_path: 'next' },
      [{ body: { data: two, next: 'b' } }, { body: { data: page(3) } }],
    ],
    [
      'a cursor that ends beside a cursor of the page',
      { type: 'cursor', cursor_path: 'meta.next' },
      [{ body: { data: two, cursor: 'a', meta: { next: 'b' } } }, { body: { data: page(3), cursor: 'b', meta: {} } }],
    ],
    [
      'has_more false beside a cursor that is always there',
      { type: 'cursor', cursor_path: 'next', has_more_path: 'more' },
      [{ body: { data: two, next: 'b', more: true } }, { body: { data: page(3), next: 'c', more: false } }],
    ],
    [
      'a list that grows while it is read',
      { type: 'cursor', cursor_path: 'next' },
      [{ body: { data: two, next: 'b', total: 3 } }, { body: { data: page(3), next: null, total: 7 } }],
    ],
    [
      'a list that shrinks while it is read',
      { type: 'cursor', cursor_path: 'next' },
      [{ body: { data: two, next: 'b', total: 9 } }, { body: { data: page(3), next: null, total: 3 } }],
    ],
    [
      'pages that differ in size',
      { type: 'json_link', next_url_path: 'next' },
      [{ body: { data: two, next: '?p=2', pages: 3 } }, { body: { data: page(3), next: null, pages: 3 } }],
    ],
    [
      'a link that is always there, and a total',
      { type: 'offset', limit: 2 },
      [{ body: { data: two, total: 3, next: '/2' } }, { body: { data: page(3), total: 3, next: '/3' } }],
    ],
    [
      'a link that is always there, and an empty page',
      { type: 'page_number', total_path: null },
      [{ body: { data: two, next: '/2' } }, { body: { data: [], next: '/3' } }],
    ],
    [
      'page numbers with a total of pages',
      { type: 'page_number', base_page: 1, total_path: 'pages' },
      [{ body: { data: two, page: 1, pages: 2, next: 2 } }, { body: { data: page(3), page: 2, pages: 2, next: 3 } }],
    ],
    [
      'pages of which some are empty, and a number of pages called total',
      { type: 'page_number', stop_after_empty_page: false },
      [{ body: { data: page(1), total: 3 } }, { body: { data: [], total: 3 } }, { body: { data: [], total: 3 } }],
    ],
    [
      'page numbers until an empty page, and a total of records',
      { type: 'page_number', base_page: 1 },
      [{ body: { data: two, total: 3 } }, { body: { data: page(3), total: 3 } }, { body: { data: [], total: 3 } }],
    ],
    [
      'a maximum of the configuration',
      { type: 'page_number', maximum_page: 1 },
      [{ body: { data: two, total: 40, has_more: true } }],
    ],
    [
      'a total that the configuration calls none',
      { type: 'cursor', cursor_path: 'next', total_path: null },
      [{ body: { data: two, total: 99, next: null } }],
    ],
    [
      'a start in the middle',
      { type: 'offset', limit: 2, offset: 36, total_path: 'total' },
      [{ body: { data: two, total: 38 } }],
    ],
    [
      'a header cursor that is empty at the end',
      { type: 'header_cursor', cursor_key: 'X-Next-Page', cursor_param: 'page' },
      [
        { body: { data: two }, headers: { 'X-Next-Page': '2', 'X-Total': '3', 'X-Total-Pages': '2' } },
        { body: { data: page(3) }, headers: { 'X-Next-Page': '', 'X-Total': '3', 'X-Total-Pages': '2' } },
      ],
    ],
    [
      'links until the last page',
      'header_link',
      [
        { body: { data: two }, headers: { Link: '</posts?page=2>; rel="next", </posts?page=2>; rel="last"' } },
        { body: { data: page(3) }, headers: { Link: '</posts?page=1>; rel="first", </posts?page=1>; rel="prev"' } },
      ],
    ],
    ['one page, and null for the next', 'json_link', [{ body: { data: two, next: null } }]],
    [
      'one page, and a mistyped path beside null',
      { type: 'json_link', next_url_path: 'nxt' },
      [{ body: { data: two, next: null } }],
    ],
    ['one page, and its total', 'header_link', [{ body: { data: two, total: 2 } }]],
    ['no record at all', 'header_link', [{ body: { data: [] } }]],
  ])('%s', async (_, paginator, replies) => {
    answer(...replies);
    const what = posts(paginator, Array.isArray(replies[0]?.body) ? { data_selector: '$' } : {});
    const { outcome, error } = await collect({ ...what, write_disposition: { disposition: 'replace' } });
    expect(error).toBeUndefined();
    expect(outcome?.notes).toEqual([]);
  });

  it.each<[string, EndpointParts, object]>([
    [
      'a record with members of these names',
      { data_selector: '$' },
      { id: 1, next: 'x', total: 40, pages: 320, has_more: true },
    ],
    ['a record that nothing selects', {}, { id: 1, next_id: 5, total: 40, pages: 320, lines: [{ a: 1 }] }],
    ['an invoice with its lines', {}, { id: 1, total: 130, pages: 2, lines: [{ a: 1 }, { a: 2 }] }],
    ['a record in an envelope, with its price', { data_selector: 'data' }, { data: { id: 1 }, total: 40, pages: 3 }],
    [
      'a record that is called as if it were about paging',
      { data_selector: 'info' },
      { info: { id: 1, next: 'x', total: 40, pages: 320 } },
    ],
    [
      'a filter that leaves items out',
      { data_selector: 'data[?@.on]' },
      { data: [{ on: true }, { off: true }], total: 2 },
    ],
    ['items of items', { data_selector: 'data[*].lines[*]' }, { data: [{ lines: [1] }, { lines: [] }], total: 2 }],
  ])('%s', async (_, endpoint, body) => {
    answer({ body });
    const what = resource({ path: 'posts', ...endpoint }, 'posts');
    const { outcome, error } = await collect({ ...what, write_disposition: { disposition: 'replace' } });
    expect(error).toBeUndefined();
    expect(outcome?.notes).toEqual([]);
  });
});

describe('many lists of one resource', () => {
  const users = (paginator: unknown) =>
    resource({
      path: 'users/{id}/posts',
      data_selector: 'data',
      paginator: paginatorSchema.parse(paginator),
      params: { id: { type: 'values', from: [{ list: [] }] } },
    });
  const seeds = { seeds: [1, 2, 3].map((id) => ({ values: { id } })), sources: [] };
  const answerUsers = (...bodies: object[]) => {
    for (const [index, body] of bodies.entries())
      nock(BASE)
        .get(`/users/${index + 1}/posts`)
        .query(true)
        .reply(200, body);
  };

  it('are noted once, with how many', async () => {
    answerUsers({ data: two, total: 9 }, { data: two, total: 2 }, { data: two, total: 5 });
    const { outcome } = await collect(users('auto'), { seeds });
    expect(outcome?.notes).toEqual([
      'in 2 of 3 chains the reply says that there is more (`total: 9`), only its first page was read: set `paginator: { type: offset, limit: 2, total_path: total }`, or `single_page`',
    ]);
  });

  it('are not suspected where one of them shows what leads on', async () => {
    answerUsers({ data: two }, { data: two, next: 'b' });
    nock(BASE)
      .get('/users/2/posts?cursor=b')
      .reply(200, { data: page(3) });
    nock(BASE).get('/users/3/posts').reply(200, { data: two });
    const { outcome } = await collect(users({ type: 'cursor', cursor_path: 'next' }), { seeds });
    expect(outcome?.notes).toEqual([]);
  });

  it('are suspected where none does, also after a part was read by an earlier run', async () => {
    const what = users({ type: 'cursor', cursor_path: 'next' });
    answerUsers({ data: two }, { data: [] }, { data: two });
    const whole = await collect(what, { seeds });
    expect(whole.outcome?.notes).toEqual([expect.stringMatching(/^in 2 of 3 chains no reply had `next`/)]);
    nock(BASE).get('/users/3/posts').reply(200, { data: two });
    const position = JSON.parse(JSON.stringify(whole.pages[1]?.position));
    expect((await collect(what, { seeds, position })).outcome?.notes).toEqual(whole.outcome?.notes);
  });
});

describe('maximum_pages', () => {
  const full = (n: number) => ({
    body: { data: page(n), next: `/posts?p=${n}`, total: 40 },
    headers: { 'X-Next': `c${n}`, Link: `</posts?p=${n}>; rel=next` },
  });

  it.each<unknown>([
    { type: 'page_number', total_path: null, stop_after_empty_page: false },
    { type: 'offset', limit: 1, total_path: 'meta.total', stop_after_empty_page: false },
    { type: 'cursor', cursor_path: 'next' },
    { type: 'json_link', next_url_path: 'next' },
    { type: 'header_link' },
    { type: 'header_cursor', cursor_key: 'X-Next' },
    { type: 'auto' },
  ])('ends a list of %j, and says so', async (paginator) => {
    answer(full(1), full(2));
    const what = posts({ ...Object(paginator), maximum_pages: 2 });
    const { records, outcome, error } = await collect({ ...what, write_disposition: { disposition: 'replace' } });
    expect(error).toBeUndefined();
    expect(records).toEqual(page(1, 2));
    expect(outcome?.notes.at(-1)).toBe('the list goes on after 2 pages, which is as far as `maximum_pages` goes');
  });

  it('says nothing of a list that ends there, and counts the pages that an earlier run read', async () => {
    const replies = [full(1), { body: { data: page(2), next: null } }];
    const what = posts({ type: 'cursor', cursor_path: 'next', maximum_pages: 2 });
    answer(...replies);
    const whole = await collect(what);
    expect(whole.outcome?.notes).toEqual([]);
    answer(full(2));
    const position = JSON.parse(JSON.stringify(whole.pages[0]?.position));
    expect((await collect(what, { position })).records).toEqual(page(2));
  });
});

describe('a list of 100,000 pages', () => {
  const read = { pages: 99_999, items: 5, empty: 0, totals: {} };
  const position = { chain: 0, place: { at: 'c', read }, endpoint: 0, ignored: {}, rests: {}, isLed: true };

  it('is taken for endless', async () => {
    answer({ body: { data: two, next: 'd' } });
    const { error } = await collect(posts({ type: 'cursor', cursor_path: 'next' }), { position });
    expect(error).toMatchObject({
      code: 'PaginationEndless',
      message: 'The list goes on after 100000 pages.',
      hint: expect.stringContaining('`maximum_pages`'),
    });
  });

  it('goes on where the configuration says how long it may be', async () => {
    answer({ body: { data: two, next: 'd' } }, { body: { data: page(3), next: null } });
    const paginator = { type: 'cursor', cursor_path: 'next', maximum_pages: 200_000 };
    expect(await collect(posts(paginator), { position })).toMatchObject({ error: undefined, records: page(1, 2, 3) });
  });
});

describe('100 empty pages one after another', () => {
  it('are told of while the list goes on', async () => {
    const warnings: string[] = [];
    const effects = { ...effectsNoting([]), log: { warn: (text: string) => warnings.push(text), progress() {} } };
    let asked = 0;
    const transport = async () => {
      asked += 1;
      const body = asked === 10 || asked > 110 ? { data: page(asked), next: null } : { data: [], next: `c${asked}` };
      if (asked === 10) Object.assign(body, { next: 'c10' });
      return { status: 200, headers: new Headers(), body: Buffer.from(JSON.stringify(body)) };
    };
    const { outcome, records } = await collect(posts({ type: 'cursor', cursor_path: 'next' }), { effects, transport });
    expect(records).toEqual(page(10, 111));
    const text =
      '100 pages one after another had no records, and the list goes on; `maximum_pages` or `stop_after_empty_page: true` of the paginator would end it';
    expect(warnings).toEqual([`posts: ${text}`]);
    expect(outcome?.notes).toEqual([text]);
  });
});
