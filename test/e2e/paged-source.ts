import { setTimeout as sleep } from 'node:timers/promises';
import { type Server, sendJson, useServer } from '../support/server.ts';

export interface PagedOptions {
  /** Pages of each list. */
  readonly pages: number;
  readonly recordsAPage: number;
  /** Before each reply. */
  readonly milliseconds?: number;
}

export interface PagedSource extends Server {
  /** Every record changes with it: some lists grow, others shrink, a column comes. */
  version: number;
  /** Before each reply. */
  milliseconds: number;
  /** Called before page `page` of `list` is sent. */
  onPage: (list: string, page: number) => unknown;
  /** `list/page` of what was asked. */
  pagesAsked(): string[];
}

/** How many lines a record has: the reader's check that no parent is without its children. */
const linesOf = (number: number, version: number) => (number + version) % 4;

/** Lists of records with nested lists, page by page: `/items?page=0`, `{"data": […], "pages": 30}`. */
export async function usePagedSource({ pages, recordsAPage, milliseconds = 0 }: PagedOptions): Promise<PagedSource> {
  const server = await useServer(async ({ path, query }, response) => {
    const [list, page] = [path.slice(1), Number(query.get('page'))];
    if (source.milliseconds > 0) await sleep(source.milliseconds);
    await source.onPage(list, page);
    if (response.destroyed) return;
    const data = Array.from({ length: recordsAPage }, (_, at) => record(page * recordsAPage + at, source.version));
    sendJson(response, 200, { data, pages });
  });
  const source: PagedSource = {
    ...server,
    version: 1,
    milliseconds,
    onPage: () => undefined,
    pagesAsked: () => server.asked.map(({ path, query }) => `${path.slice(1)}/${query.get('page')}`),
  };
  return source;
}

function record(number: number, version: number): object {
  const count = linesOf(number, version);
  return {
    id: number,
    version,
    line_count: count,
    name: `record ${number} of version ${version}`,
    size: { width: number * 2, depth: version },
    lines: Array.from({ length: count }, (_, at) => ({ of: number, at, version, text: `line ${at} of ${number}` })),
    ...(version > 1 ? { added: `since ${version}` } : {}),
  };
}

const endpoint = (path: string) => ({
  path,
  data_selector: 'data',
  paginator: { type: 'page_number', base_page: 0, total_path: 'pages' },
});

/** A list for each write disposition. */
export const pagedResources = [
  { name: 'items', primary_key: 'id', write_disposition: 'merge', endpoint: endpoint('items') },
  { name: 'prices', write_disposition: 'replace', endpoint: endpoint('prices') },
  { name: 'events', write_disposition: 'append', endpoint: endpoint('events') },
];
