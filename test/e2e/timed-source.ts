import type { Row } from '../../src/duckdb/connection.ts';
import { parseState } from '../../src/load/pipeline-state.ts';
import { rawText } from '../../src/load/staging/raw-json.ts';
import { query } from '../support/published.ts';
import { type Server, useServer } from '../support/server.ts';

export interface TimedRecord {
  readonly id: number;
  readonly at: string;
  readonly [field: string]: unknown;
}

export interface TimedSource extends Server {
  /** Lists of records by path; what a test adds is there for the next request. */
  readonly lists: Record<string, TimedRecord[]>;
  /** Called before each reply. */
  before: (path: string, query: URLSearchParams) => unknown;
  /** Queries that a path was asked with. */
  queriesOf(path: string): string[];
}

/** `/orders?since=…&until=…&page=1`: records from `since` to before `until` as instants, two a page, in their order. */
export async function useTimedSource(lists: Record<string, TimedRecord[]>): Promise<TimedSource> {
  const server = await useServer(async ({ path, query: asked }) => {
    const list = lists[path.slice(1)];
    await source.before(path.slice(1), asked);
    if (list === undefined) return undefined;
    const [since, until] = [asked.get('since'), asked.get('until')].map((text) =>
      text === null ? null : Date.parse(text),
    );
    const found = list.filter(({ at }) => {
      const time = Date.parse(at);
      return (since == null || time >= since) && (until == null || time < until);
    });
    const page = Number(asked.get('page') ?? 1);
    return { data: found.slice((page - 1) * 2, page * 2), pages: Math.max(1, Math.ceil(found.length / 2)) };
  });
  const source: TimedSource = {
    ...server,
    lists,
    before: () => undefined,
    queriesOf: (path) => server.asked.filter((one) => one.path === `/${path}`).map((one) => String(one.query)),
  };
  return source;
}

export const paged = { data_selector: 'data', paginator: { type: 'page_number', base_page: 1, total_path: 'pages' } };

/** dlt's state of each cursor of the source `shop`, by resource: what follows `incremental`. */
export async function cursorsIn(file: string): Promise<Record<string, unknown>> {
  const [newest] = await query(file, 'select state from _dlt_pipeline_state order by version desc limit 1');
  const sources = parseState(String(newest?.state)).members.get('sources');
  const { shop } = JSON.parse(sources === undefined ? '{}' : rawText(sources));
  const resources: Record<string, { incremental: unknown }> = shop?.resources ?? {};
  return Object.fromEntries(Object.entries(resources).map(([name, { incremental }]) => [name, incremental]));
}

/** `1 2 2`: the ids of a table in their order. */
export async function idsIn(file: string, table: string): Promise<string> {
  const rows: Row[] = await query(file, `select id::integer as id from ${table} order by 1`);
  return rows.map(({ id }) => id).join(' ');
}
