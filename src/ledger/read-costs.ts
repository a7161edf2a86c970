import type { Connection, Row } from '../duckdb/connection.ts';
import type { CostRow, CostsBy, SummedCosts } from '../report/costs-text.ts';
import { isoTime } from '../text/iso-time.ts';
import { hasTable } from './read-ledger.ts';
import { LEDGER } from './statements.ts';

export interface CostFilter {
  readonly pipeline: string;
  /** Of runs that began since, milliseconds since 1970. */
  readonly since?: number | undefined;
}

/** The newest first, resources by their names. */
export async function selectCosts(connection: Connection, by: CostsBy, filter: CostFilter): Promise<CostRow[]> {
  if (!(await hasTable(connection, 'costs'))) return [];
  const rows = await connection.rows(
    `select ${keys[by]} as key, ${by === 'run' ? 'any_value(r.load_id)' : 'null'} as load_id, ${SUMS} group by key, c.currency
     order by key ${by === 'resource' ? 'asc' : 'desc'}, c.currency`,
    parameters(filter),
  );
  return rows.map((row) => ({
    of: by === 'run' ? isoTime(Number(row.key)) : String(row.key),
    loadId: row.load_id == null ? null : String(row.load_id),
    ...summed(row),
  }));
}

/** One for each currency. */
export async function selectCostTotals(connection: Connection, filter: CostFilter): Promise<SummedCosts[]> {
  if (!(await hasTable(connection, 'costs'))) return [];
  const rows = await connection.rows(`select ${SUMS} group by c.currency order by c.currency`, parameters(filter));
  return rows.map(summed);
}

// --- internal ---

const keys: Readonly<Record<CostsBy, string>> = {
  day: "strftime(r.started_at at time zone 'UTC', '%Y-%m-%d')",
  resource: 'c.resource',
  run: 'epoch_ms(r.started_at)',
};

const SUMS = `c.currency, sum(c.spent)::varchar as spent, sum(c.requests) as requests, sum(c.unknown) as unknown
  from ${LEDGER}.costs as c join ${LEDGER}.runs as r on r.run_id = c.run_id
  where r.pipeline_name = $1 and ($2::double is null or epoch_ms(r.started_at) >= $2)`;

function parameters({ pipeline, since }: CostFilter) {
  return [pipeline, since ?? null];
}

function summed({ currency, spent, requests, unknown }: Row): SummedCosts {
  return {
    currency: String(currency),
    spent: String(spent),
    requests: Number(requests),
    unknown: Number(unknown),
  };
}
