import { destinationOf } from '../destinations/destination-kinds.ts';
import type { SqlWords } from '../duckdb/quote.ts';
import { type ListedTable, tables } from '../inspection/listed-tables.ts';
import { type LimitedAnswer, queryLive } from '../inspection/live-query.ts';
import { nothingLoadedIsUndefined } from './nothing-loaded.ts';
import type { Project } from './project.ts';
import { operators, type RowFilter, rowFilters, rowsSql } from './rows-sql.ts';

export interface RowsView {
  /** null: nothing was loaded yet. */
  readonly tables: readonly ListedTable[] | null;
  /** The one whose rows these are; null: they are of `sql` as somebody wrote it. */
  readonly table: string | null;
  readonly filters: readonly RowFilter[];
  readonly operators: readonly string[];
  readonly order: { readonly column: string; readonly isDescending: boolean } | null;
  /** What was asked, as it was asked. */
  readonly sql: string;
  readonly answer: LimitedAnswer | null;
  /** How many rows came before these, and how many there are at most. */
  readonly offset: number;
  readonly most: number;
}

/**
 * Rows of a `table`, with `where`, `order` (`-` before it: the largest first) and `offset`; or of any statement that reads, `sql`.
 *
 * @throws PipelineError QueryFailed: the SQL is no good, or took too long
 */
export async function dataView(
  { placed: { config }, effects, ask }: Project,
  query: URLSearchParams,
  signal: AbortSignal,
  most = MOST,
): Promise<RowsView> {
  const found = await tables(config).catch(nothingLoadedIsUndefined);
  const asked = askedIn(query, found ?? [], most.rows, await destinationOf(config).words());
  const limits = { ...most, seconds: SECONDS, signal };
  const answer = () => (query.has('sql') ? ask(asked.sql, limits) : queryLive(config, asked.sql, limits, effects));
  return {
    tables: found ?? null,
    ...asked,
    operators,
    answer: asked.sql === '' || found === undefined ? null : await answer(),
    most: most.rows,
  };
}

// --- internal ---

const MOST = { rows: 100, bytes: 2_000_000 };
const SECONDS = 10;

function askedIn(query: URLSearchParams, found: readonly ListedTable[], limit: number, words: SqlWords) {
  const sql = query.get('sql');
  const none = { table: null, filters: [], order: null, offset: 0 };
  if (sql !== null) return { ...none, sql };
  const table = query.get('table') ?? found.find(({ isBook }) => !isBook)?.name;
  if (table === undefined) return { ...none, sql: '' };
  const filters = rowFilters(query);
  const by = query.get('order') ?? '';
  const order = by === '' ? undefined : { column: by.replace(/^-/, ''), isDescending: by.startsWith('-') };
  const offset = /^\d{1,12}$/.test(query.get('offset') ?? '') ? Number(query.get('offset')) : 0;
  const text = rowsSql({ table, filters, order, limit, offset }, words);
  return { table, filters, order: order ?? null, offset, sql: text };
}
