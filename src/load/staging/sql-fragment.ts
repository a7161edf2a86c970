import type { Parameters } from '../../duckdb/connection.ts';

/** A piece of SQL with the values of its `?`, in order: pieces can be put together without numbering anything. */
export interface Fragment {
  readonly sql: string;
  readonly values: Parameters;
}

export function fragment(sql: string, ...values: Parameters): Fragment {
  return { sql, values };
}

export function joined(fragments: readonly Fragment[], separator: string): Fragment {
  return { sql: fragments.map(({ sql }) => sql).join(separator), values: fragments.flatMap(({ values }) => values) };
}
