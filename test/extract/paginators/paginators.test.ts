import nock from 'nock';
import { describe, expect, it } from 'vitest';
import type { PaginatorConfig } from '../../../src/config/grammar/paginator-schema.ts';
import { paginatorSchema } from '../../../src/config/grammar/paginator-schema.ts';
import { apiKey, BASE, collect, type EndpointParts, KEY, resource } from '../collect.ts';
import { useNock } from '../http/nock-guard.ts';

useNock();

function paged(paginator: Record<string, unknown> | string, more: EndpointParts = {}) {
  const config: PaginatorConfig = paginatorSchema.parse(paginator);
  return resource({ data_selector: 'data', paginator: config, ...more });
}

/** Answers one request after the other, each with its query. */
function answer(...replies: [query: Record<string, string | number>, body: unknown][]): void {
  for (const [query, body] of replies) nock(BASE).get('/models').query(query).reply(200, JSON.stringify(body));
}

const page = (...ids: number[]) => ids.map((id) => ({ id }));

describe('page_number', () => {
  it('asks page after page until the total number of pages', async () => {
    answer([{ page: 0 }, { data: page(1, 2), total: 2 }], [{ page: 1 }, { data: page(3), total: 2 }]);
    expect(await collect(paged('page_number'))).toMatchObject({ records: page(1, 2, 3), error: undefined });
  });

  it('counts the total from base_page', async () => {
    answer([{ p: 1 }, { data: page(1), meta: { pages: '2' } }], [{ p: 2 }, { data: page(2), meta: { pages: '2' } }]);
    const paginator = { type: 'page_number', base_page: 1, page_param: 'p', total_path: 'meta.pages' };
    expect((await collect(paged(paginator))).records).toEqual(page(1, 2));
  });

  it('stops after an empty page where no total is named', async () => {
    answer([{ page: 0 }, { data: page(1) }], [{ page: 1 }, { data: [] }]);
    expect(await collect(paged('page_number'))).toMatchObject({ records: page(1), outcome: { requests: 2 } });
  });

  it('takes the maximum as exclusive', async () => {
    answer([{ page: 1 }, { data: page(1) }]);
    const { records } = await collect(paged({ type: 'page_number', base_page: 1, maximum_page: 2 }));
    expect(records).toEqual(page(1));
  });

  it('lets has_more overrule total and maximum', async () => {
    answer(
      [{ page: 0 }, { data: page(1), total: 1, more: true }],
      [{ page: 1 }, { data: page(2), total: 9, more: 'false' }],
    );
    const paginator = { type: 'page_number', has_more_path: 'more', maximum_page: 1 };
    expect((await collect(paged(paginator))).records).toEqual(page(1, 2));
  });

  it('refuses a has_more that is neither true nor false', async () => {
    answer([{ page: 0 }, { data: page(1), more: 1 }]);
    expect((await collect(paged({ type: 'page_number', has_more_path: 'more' }))).error).toMatchObject({
      code: 'ReplyUnusable',
      message: expect.stringContaining('`more`'),
    });
  });

  it('is an error only if nothing but a missing total could end the list', async () => {
    answer([{ page: 0 }, { data: page(1) }]);
    const paginator = { type: 'page_number', stop_after_empty_page: false };
    expect((await collect(paged(paginator))).error).toMatchObject({
      code: 'ReplyUnusable',
      message: expect.stringContaining('no whole number at `total`'),
    });
  });

  it('overwrites a parameter of the same name and keeps the others', async () => {
    answer([{ page: 5, kind: 'x' }, { data: page(1) }], [{ page: 6, kind: 'x' }, { data: [] }]);
    const { records } = await collect(paged({ type: 'page_number', page: 5 }, { params: { page: 0, kind: 'x' } }));
    expect(records).toEqual(page(1));
  });

  it('writes into the body of a POST, one request at a time', async () => {
    const asked: unknown[] = [];
    nock(BASE)
      .post('/models', (body) => asked.push(body) > 0)
      .times(2)
      .reply(200, () => ({ data: asked.length === 1 ? page(1) : [] }));
    const paginator = { type: 'page_number', page_body_path: 'at.page' };
    const { records } = await collect(paged(paginator, { method: 'POST', json: { at: { size: 2 }, q: 'x' } }));
    expect(records).toEqual(page(1));
    expect(asked).toEqual([
      { at: { size: 2, page: 0 }, q: 'x' },
      { at: { size: 2, page: 1 }, q: 'x' },
    ]);
  });
});

describe('offset', () => {
  it('asks until the total number of items', async () => {
    answer(
      [
        { offset: 0, limit: 2 },
        { data: page(1, 2), total: 3 },
      ],
      [
        { offset: 2, limit: 2 },
        { data: page(3), total: 3 },
      ],
    );
    expect((await collect(paged({ type: 'offset', limit: 2 }))).records).toEqual(page(1, 2, 3));
  });

  it.each([0, -1, '0'])('does not take a total of %j for the end of records that are there', async (total) => {
    const asked = (offset: number) => ({ offset, limit: 2 });
    answer([asked(0), { data: page(1, 2), total }], [asked(2), { data: page(3, 4), total }], [asked(4), { data: [] }]);
    expect((await collect(paged({ type: 'offset', limit: 2 }))).records).toEqual(page(1, 2, 3, 4));
  });

  it('stops before maximum_offset', async () => {
    answer([{ skip: 10, take: 2 }, { data: page(1, 2) }], [{ skip: 12, take: 2 }, { data: page(3, 4) }]);
    const paginator = {
      type: 'offset',
      limit: 2,
      offset: 10,
      offset_param: 'skip',
      limit_param: 'take',
      maximum_offset: 14,
    };
    expect((await collect(paged(paginator))).records).toEqual(page(1, 2, 3, 4));
  });
});

describe('offset with a source that sends fewer items than `limit`', () => {
  const all = page(0, 1, 2, 3, 4);
  const items = (from: number, most: number) => all.slice(from, from + most);
  const at = (offset: number) => ({ offset, limit: 4 });

  it.each([
    ['no total', {}, [0, 2, 4, 5]],
    ['a total', { total: 5 }, [0, 2, 4]],
    ['has_more', { more: true }, [0, 2, 4]],
  ])('asks for what comes next, with %s', async (_, more, offsets) => {
    for (const offset of offsets) {
      const isLast = offset >= 4;
      answer([at(offset), { data: items(offset, 2), ...more, ...('more' in more && { more: !isLast }) }]);
    }
    const paginator = { type: 'offset', limit: 4, ...('more' in more && { has_more_path: 'more' }) };
    expect(await collect(paged(paginator))).toMatchObject({ records: all, error: undefined, outcome: { notes: [] } });
  });

  it('goes on by `limit` once a page was as long: a page is short where some of it is hidden', async () => {
    answer(
      [at(0), { data: page(0, 1, 2, 3), total: 9 }],
      [at(4), { data: page(4, 7), total: 9 }],
      [at(8), { data: page(8), total: 9 }],
    );
    expect((await collect(paged({ type: 'offset', limit: 4, total_path: 'total' }))).records).toEqual(
      page(0, 1, 2, 3, 4, 7, 8),
    );
  });

  it('ends with the first page where a source that counts offsets in whole pages sends it again', async () => {
    answer([at(0), { data: page(0, 1) }], [at(2), { data: page(0, 1) }], [at(4), { data: [] }]);
    expect(await collect(paged({ type: 'offset', limit: 4 }))).toMatchObject({ records: page(0, 1), error: undefined });
  });

  it('is an error where such a source has more', async () => {
    answer([at(0), { data: page(0, 1) }], [at(2), { data: page(0, 1) }], [at(4), { data: page(4, 5) }]);
    const { error, records } = await collect(paged({ type: 'offset', limit: 4 }));
    expect(error).toMatchObject({ code: 'ReplyUnusable', message: expect.stringContaining('`limit: 4`') });
    expect(records).toEqual(page(0, 1));
  });

  it('keeps to `limit` where a selector leaves items out', async () => {
    const some = [{ id: 0, on: true }, { id: 1 }, { id: 2 }, { id: 3 }];
    answer([at(0), { data: some }], [at(4), { data: [{ id: 4, on: true }] }], [at(8), { data: [] }]);
    const what = paged({ type: 'offset', limit: 4 }, { data_selector: 'data[?@.on]' });
    expect((await collect(what)).records).toEqual([
      { id: 0, on: true },
      { id: 4, on: true },
    ]);
  });
});

describe('a page of which the selector keeps nothing', () => {
  it('is no empty page', async () => {
    answer(
      [{ page: 0 }, { data: [{ id: 1, on: true }] }],
      [{ page: 1 }, { data: [{ id: 2 }] }],
      [{ page: 2 }, { data: [{ id: 3, on: true }] }],
      [{ page: 3 }, { data: [] }],
    );
    const { records } = await collect(paged('page_number', { data_selector: 'data[?@.on]' }));
    expect(records).toEqual([
      { id: 1, on: true },
      { id: 3, on: true },
    ]);
  });
});

describe('cursor', () => {
  it('sends the cursor of the reply before; the first request has none', async () => {
    answer(
      [{}, { data: page(1), cursors: { next: 'a b' } }],
      [{ cursor: 'a b' }, { data: page(2), cursors: { next: 7 } }],
      [{ cursor: '7' }, { data: page(3), cursors: { next: null } }],
    );
    expect((await collect(paged('cursor'))).records).toEqual(page(1, 2, 3));
  });

  it('keeps every digit of a number beyond 2^53', async () => {
    nock(BASE).get('/models').reply(200, '{"data": [1], "next": 12345678901234567890}');
    nock(BASE).get('/models').query({ after: '12345678901234567890' }).reply(200, '{"data": [2]}');
    const paginator = { type: 'cursor', cursor_path: 'next', cursor_param: 'after' };
    expect((await collect(paged(paginator))).records).toEqual([1, 2]);
  });

  it('stops when has_more is false, or after an empty page where asked to', async () => {
    answer([{}, { data: page(1), next: 'x', more: false }]);
    const cursor = { type: 'cursor', cursor_path: 'next' };
    expect((await collect(paged({ ...cursor, has_more_path: 'more' }))).records).toEqual(page(1));
    answer([{}, { data: [], next: 'x' }]);
    expect((await collect(paged({ ...cursor, stop_after_empty_page: true }))).records).toEqual([]);
  });

  it('refuses a list where the cursor should be', async () => {
    answer([{}, { data: page(1), next: ['x'] }]);
    expect((await collect(paged({ type: 'cursor', cursor_path: 'next' }))).error).toMatchObject({
      code: 'ReplyUnusable',
      message: expect.stringContaining('a list at `next`'),
    });
  });
});

describe('json_link', () => {
  it('follows absolute and relative links, without the parameters of the first request', async () => {
    answer([{ kind: 'x' }, { data: page(1), next: '?page=2' }]);
    nock(BASE)
      .get('/models?page=2')
      .reply(200, { data: page(2), next: `${BASE}/more` });
    nock(BASE)
      .get('/more')
      .reply(200, { data: page(3), next: '' });
    expect((await collect(paged('json_link', { params: { kind: 'x' } }))).records).toEqual(page(1, 2, 3));
  });

  it('to another host carries no credentials', async () => {
    answer([{}, { data: page(1), next: 'https://other.example.test/2' }]);
    nock('https://other.example.test', { badheaders: ['X-Dezgo-Key'] })
      .get('/2')
      .reply(200, { data: page(2) });
    expect(await collect(paged('json_link'))).toMatchObject({ records: page(1, 2), error: undefined });
  });

  it.each(['ftp://x/', 'javascript:alert(1)', { href: '/x' }, 'http://['])('refuses %j', async (next) => {
    answer([{}, { data: page(1), next }]);
    expect((await collect(paged('json_link'))).error).toMatchObject({ code: 'ReplyUnusable' });
  });
});

describe('json_link that says that there is no next page', () => {
  it.each([null, '', false, 0])('with %j', async (next) => {
    answer([{}, { data: page(1), next }]);
    expect(await collect(paged('json_link'))).toMatchObject({ records: page(1), error: undefined });
  });
});

describe('header_link', () => {
  it('follows the link with the relation, however it is written', async () => {
    const links = [
      '<?page=9>; rel="last", </models?page=2&a=1,2>; title="a, b"; rel="prefetch next"',
      '<?page=3>;rel=NEXT',
      '',
    ];
    nock(BASE)
      .get('/models')
      .reply(200, { data: page(1) }, { Link: links[0] ?? '' });
    nock(BASE)
      .get('/models?page=2&a=1,2')
      .reply(200, { data: page(2) }, { Link: links[1] ?? '' });
    nock(BASE)
      .get('/models?page=3')
      .reply(200, { data: page(3) }, { Link: "</models?page=4>; rel='next last'" });
    nock(BASE)
      .get('/models?page=4')
      .reply(200, { data: page(4) }, { Link: '?page=5; rel=next' });
    nock(BASE)
      .get('/models?page=5')
      .reply(200, { data: page(5) }, { Link: '<?page=1>; rel="first"' });
    expect(await collect(paged('header_link'))).toMatchObject({ records: page(1, 2, 3, 4, 5), error: undefined });
  });
});

describe('header_cursor', () => {
  it('sends the cursor of the header', async () => {
    nock(BASE)
      .get('/models')
      .reply(200, { data: page(1) }, { 'X-Next': 'abc' });
    nock(BASE)
      .get('/models?after=abc')
      .reply(200, { data: page(2) });
    const paginator = { type: 'header_cursor', cursor_key: 'X-Next', cursor_param: 'after' };
    expect((await collect(paged(paginator))).records).toEqual(page(1, 2));
  });
});

describe('auto', () => {
  it('follows a Link header, and says that it was a guess', async () => {
    nock(BASE)
      .get('/models')
      .reply(200, { data: page(1) }, { Link: '<?page=2>; rel=next' });
    nock(BASE)
      .get('/models?page=2')
      .reply(200, { data: page(2) });
    const { records, outcome } = await collect(resource({ data_selector: 'data' }));
    expect(records).toEqual(page(1, 2));
    expect(outcome?.notes).toEqual(['the paginator was guessed: header_link']);
  });

  it.each([
    [{ next: '/2' }, '$.next'],
    [{ paging: { nextLink: `${BASE}/2` } }, '$.paging.nextLink'],
    [{ _links: { next: { href: '/2' } } }, '$._links.next.href'],
    [{ '@odata.nextLink': `${BASE}/2` }, '$["@odata.nextLink"]'],
    [{ '@odata.nextLink': '2' }, '$["@odata.nextLink"]'],
    [{ paging: { next: { link: '2' } } }, '$.paging.next.link'],
  ])('follows the URL of %j', async (more, path) => {
    nock(BASE)
      .get('/models')
      .reply(200, { ...more, data: page(1) });
    nock(BASE)
      .get('/2')
      .reply(200, { data: page(2) });
    const { records, outcome } = await collect(resource({ data_selector: 'data' }));
    expect(records).toEqual(page(1, 2));
    expect(outcome?.notes).toEqual([`the paginator was guessed: json_link at \`${path}\``]);
  });

  it.each([{ next: 'abc' }, { next_billing: '2024-01-01' }, { total_pages: 3 }, { data: [{ next: '/2' }] }])(
    'asks once where the reply shows no link: %j',
    async (more) => {
      nock(BASE)
        .get('/models')
        .reply(200, { data: page(1), ...more });
      expect((await collect(resource({ data_selector: 'data' }))).outcome).toMatchObject({ requests: 1 });
    },
  );

  it('does not repeat a POST for a guess', async () => {
    nock(BASE)
      .post('/models')
      .reply(200, { data: page(1), next: '/2' });
    const post = resource({ method: 'POST', json: {}, data_selector: 'data' });
    expect((await collect(post)).outcome).toMatchObject({ requests: 1 });
  });
});

describe('a list without end', () => {
  it('is noticed by a cursor that comes again', async () => {
    const next = { data: page(1), n: 1, next: 'a' };
    answer(
      [{}, next],
      [{ cursor: 'a' }, { ...next, n: 2, next: 'b' }],
      [{ cursor: 'b' }, { ...next, n: 3, next: 'a' }],
    );
    const { error, records } = await collect(paged({ type: 'cursor', cursor_path: 'next' }));
    expect(error).toMatchObject({
      code: 'PaginationEndless',
      message: 'The reply to GET /models?cursor=b leads to a page that was read already',
    });
    expect(records).toEqual(page(1, 1));
  });

  it('is noticed by a link to the page itself', async () => {
    nock(BASE)
      .get('/models')
      .twice()
      .reply(200, { data: page(1), next: `${BASE}/models` });
    expect((await collect(paged('json_link'))).error).toMatchObject({ code: 'PaginationEndless' });
  });

  it('is noticed by a page that does not change with its number', async () => {
    answer([{ page: 0 }, { data: page(1) }], [{ page: 1 }, { data: page(1) }]);
    nock(BASE)
      .get('/models')
      .query({ page: 2 })
      .optionally()
      .reply(200, { data: page(1) });
    const { error, records } = await collect(paged('page_number'));
    expect(error).toMatchObject({
      code: 'PaginationEndless',
      message: 'The reply to GET /models?page=1 is the same as that to the request before it',
    });
    expect(records).toEqual(page(1));
  });

  describe('that brings the records of earlier pages again, beside a time that changes', () => {
    const pages = async (how: Record<string, unknown>, recordsOf: (asked: number) => unknown[]) => {
      let asked = 0;
      const transport = async () => {
        asked += 1;
        const body = Buffer.from(JSON.stringify({ data: recordsOf(asked), at: asked }));
        return { status: 200, headers: new Headers(), body };
      };
      return { ...(await collect(paged({ type: 'page_number', ...how }), { transport })), asked: () => asked };
    };
    const lastForEver = (asked: number) => page(Math.min(asked, 3));
    const round = (asked: number) => page(asked % 4);

    it.each([
      ['one page', lastForEver, 103],
      ['pages in turn', round, 104],
    ])('is noticed after 100 of them: %s', async (_, recordsOf, last) => {
      const { error } = await pages({}, recordsOf);
      expect(error).toMatchObject({
        code: 'PaginationEndless',
        message: `The last 100 pages, up to GET /models?page=${last - 1}, had only records of earlier ones`,
      });
    });

    it('is read where some of its pages are alike by chance', async () => {
      const recordsOf = (asked: number) => (asked > 250 ? [] : page(asked % 90 === 0 ? asked : 0));
      expect((await pages({}, recordsOf)).error).toBeUndefined();
    });

    it('is read as far as maximum_pages goes', async () => {
      const { error, records } = await pages({ maximum_pages: 150 }, lastForEver);
      expect(error).toBeUndefined();
      expect(records).toHaveLength(150);
    });
  });

  it('is not suspected in empty pages that are alike', async () => {
    const none = { data: [] };
    answer([{ page: 0 }, none], [{ page: 1 }, none], [{ page: 2 }, none]);
    const paginator = { type: 'page_number', stop_after_empty_page: false, maximum_page: 3 };
    expect(await collect(paged(paginator))).toMatchObject({ error: undefined, outcome: { requests: 3 } });
  });
});

describe('a wrong JSONPath in a paginator', () => {
  it('is an error before any request', async () => {
    const { error, traces } = await collect(paged({ type: 'cursor', cursor_path: 'a[' }));
    expect(error).toMatchObject({ code: 'ConfigInvalid', message: expect.stringContaining('`cursor_path: a[`') });
    expect(traces).toEqual([]);
  });
});

describe('a key in the query', () => {
  it('stays whole when a masked next link repeats it', async () => {
    const auth = {
      type: 'api_key',
      name: 'key',
      location: 'query',
      api_key: apiKey,
    } as const;
    nock(BASE)
      .get('/models')
      .query({ key: KEY })
      .reply(200, { data: page(1), next: `${BASE}/models?page=2&key=${KEY}` });
    nock(BASE)
      .get('/models')
      .query({ page: 2, key: KEY })
      .reply(200, { data: page(2) });
    const { records, pages, error } = await collect(paged('json_link', { auth }));
    expect(error).toBeUndefined();
    expect(records).toEqual(page(1, 2));
    expect(JSON.stringify(pages)).not.toContain(KEY);
  });
});
