import nock from 'nock';
import { describe, expect, it } from 'vitest';
import type { ResolvedResource } from '../../../src/config/pipeline-config.ts';
import { BASE, collect, resource } from '../collect.ts';
import { useNock } from '../http/nock-guard.ts';

useNock();

type Paginator = NonNullable<NonNullable<ResolvedResource['endpoint']>['paginator']>;

const offset = { type: 'offset', limit: 2, offset: 0, total_path: null, stop_after_empty_page: true } as const;
const paged = { type: 'page_number', base_page: 1, total_path: null, stop_after_empty_page: true } as const;
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => ({ id: from + i }));

/** Replies to the pages of a list, in their order; a further request has none. */
async function readPages(paginator: Paginator, pages: readonly object[], headers: Record<string, string> = {}) {
  const asked: string[] = [];
  for (const page of pages)
    nock(BASE)
      .get('/models')
      .query((query) => asked.push(JSON.stringify(query)) > 0)
      .reply(200, JSON.stringify(page), headers);
  const found = await collect(resource({ paginator, data_selector: 'data' }));
  return { ...found, ids: found.records.length, asked };
}

const data = (from: number, to: number, rest: object = {}) => ({ data: numbers(from, to), ...rest });

describe('stop_after_short_page', () => {
  const short = { stop_after_short_page: true } as const;
  it.each<[string, Paginator, object[]]>([
    ['ends an offset list', { ...offset, ...short }, [data(0, 2), data(2, 3)]],
    ['ends a list of pages', { ...paged, ...short, page_size: 2 }, [data(0, 2), data(2, 3)]],
    ['is enough to end one', { ...offset, ...short, stop_after_empty_page: false }, [data(0, 2), data(2, 3)]],
    ['leaves an empty page the end', { ...offset, ...short }, [data(0, 2), data(2, 2)]],
    [
      'counts for less than a flag',
      { ...offset, ...short, has_more_path: 'more' },
      [data(0, 1, { more: true }), data(1, 2, { more: false })],
    ],
    [
      'counts for more than a total',
      { ...offset, ...short, total_path: 'n' },
      [data(0, 2, { n: 3 }), data(2, 3, { n: 3 })],
    ],
  ])('%s', async (_, paginator, pages) => {
    const { ids, error, outcome } = await readPages(paginator, pages);
    expect(error).toBeUndefined();
    expect(ids).toBe(pages.flatMap((page) => Object.values(page)[0]).length);
    expect(outcome?.notes).toEqual([]);
  });

  it('tells a total that says there is more', async () => {
    const { outcome } = await readPages({ ...offset, ...short, total_path: undefined }, [
      data(0, 2, { total: 9 }),
      data(2, 3, { total: 9 }),
    ]);
    expect(outcome?.notes).toEqual([expect.stringContaining('the reply says that there is more (`total: 9`)')]);
  });

  it('tells a first page that may only be as long as the source lets it be', async () => {
    const { outcome } = await readPages({ ...offset, ...short, limit: 1000 }, [data(0, 100)]);
    expect(outcome?.notes).toEqual([
      'its first page had 100 of the 1000 records that were asked for, which may be all that the source gives at once: no other page was asked for: ask for 100 a page, or leave `stop_after_short_page` away',
    ]);
  });

  it('page_size is sent where there is a parameter for it', async () => {
    const paginator: Paginator = { ...paged, page_size: 2, page_size_param: 'per_page', ...short };
    const { asked } = await readPages(paginator, [data(0, 2), data(2, 3)]);
    expect(asked).toEqual(['{"page":"1","per_page":"2"}', '{"page":"2","per_page":"2"}']);
  });
});

describe('total_header', () => {
  it.each<[string, Paginator, Record<string, string>]>([
    [
      'counts the records of an offset list',
      { ...offset, total_path: undefined, total_header: 'X-Count' },
      { 'x-count': '4' },
    ],
    [
      'counts the records of a range',
      { ...offset, total_path: undefined, total_header: 'Content-Range' },
      { 'content-range': 'items 0-1/4' },
    ],
    ['counts pages', { ...paged, total_path: undefined, total_header: 'x-pages' }, { 'X-Pages': '2' }],
  ])('%s', async (_, paginator, headers) => {
    const { ids, error } = await readPages(paginator, [data(0, 2), data(2, 4)], headers);
    expect(error).toBeUndefined();
    expect(ids).toBe(4);
  });

  it('that no reply has is an error where nothing else ends the list', async () => {
    const paginator: Paginator = {
      ...offset,
      total_path: undefined,
      total_header: 'x-n',
      stop_after_empty_page: false,
    };
    const { error } = await readPages(paginator, [data(0, 2)]);
    expect(error).toMatchObject({ message: expect.stringContaining('no whole number in the header `x-n`') });
  });
});

describe('a cursor with has_more_path', () => {
  const paginator: Paginator = {
    type: 'cursor',
    cursor_path: 'next',
    stop_after_empty_page: false,
    has_more_path: 'more',
  };
  it('decides alone where a reply has no such flag, and that is noted', async () => {
    const { ids, outcome, error } = await readPages(paginator, [data(0, 2, { next: 'a' }), data(2, 3, { next: null })]);
    expect(error).toBeUndefined();
    expect(ids).toBe(3);
    expect(outcome?.notes).toEqual([
      'a reply had no `more`, the `has_more_path`: `next` alone said whether there is more',
    ]);
  });

  it('that is no true or false is an error', async () => {
    const { error } = await readPages(paginator, [data(0, 2, { next: 'a', more: 7 })]);
    expect(error).toMatchObject({ message: expect.stringContaining('no true or false at `more`') });
  });
});

it('what OData itself says to be a list is one, whatever stands beside it', async () => {
  nock(BASE)
    .get('/models')
    .reply(200, { '@odata.context': 'x', status: 'fine', value: [{ id: 1 }], '@odata.nextLink': 'models?$skip=1' });
  nock(BASE)
    .get('/models?$skip=1')
    .reply(200, { '@odata.context': 'x', value: [{ id: 2 }] });
  const { records, outcome } = await collect(resource());
  expect(records).toEqual([{ id: 1 }, { id: 2 }]);
  expect(outcome?.notes).toEqual([
    expect.stringContaining('records were taken from `value`'),
    'the paginator was guessed: json_link at `$["@odata.nextLink"]`',
  ]);
});
