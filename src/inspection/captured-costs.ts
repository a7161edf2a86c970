import type { DatasetReader, Destination } from '../destinations/destination.ts';
import type { QueryValue } from '../duckdb/query-stream.ts';
import { PipelineError } from '../errors.ts';
import type { CapturedBalance, CapturedCost, CostsBy } from '../report/costs-text.ts';
import { isoTime } from '../text/iso-time.ts';

/** What headers of replies said, where they are captured. */
export interface CapturedCosts {
  /** null: there is no view `cost_by_day`, or the sums are of runs. */
  readonly captured: readonly CapturedCost[] | null;
  /** The last one; null where none is known. */
  readonly balance: CapturedBalance | null;
}

/** From the views of the live file. A view of the user's own with such a name, which has other columns, counts as none. */
export async function capturedCosts(destination: Destination, by: CostsBy, since = 0): Promise<CapturedCosts> {
  const reader = await destination.reader().catch(nothingIfUnusable);
  if (reader === undefined) return { captured: null, balance: null };
  try {
    const has = (view: string) => reader.tables.some(({ name }) => name === view);
    return {
      captured: by !== 'run' && has('cost_by_day') ? await costsOf(reader, by, since) : null,
      balance: has('balance_history') ? await lastBalance(reader) : null,
    };
  } finally {
    reader.close();
  }
}

// --- internal ---

async function costsOf(reader: DatasetReader, by: 'day' | 'resource', since: number): Promise<CapturedCost[] | null> {
  const rows = await rowsOf(
    reader,
    `select cast(${by} as varchar) as name, cast(sum(requests) as varchar), cast(sum(cost) as varchar) from cost_by_day
     where day >= cast(? as date) group by ${by} order by ${by} ${by === 'day' ? 'desc' : 'asc'}`,
    [isoTime(since).slice(0, 10)],
  );
  return (
    rows?.map(([of, requests, cost]) => ({ of: String(of), requests: Number(requests), cost: String(cost) })) ?? null
  );
}

async function lastBalance(reader: DatasetReader): Promise<CapturedBalance | null> {
  const rows = await rowsOf(
    reader,
    `select cast(balance as varchar), cast(cast(time as timestamptz) as varchar), resource, load_id
     from balance_history where balance is not null order by time desc limit 1`,
  );
  const [row] = rows ?? [];
  if (row === undefined) return null;
  const [balance, at, resource, loadId] = row;
  return {
    balance: String(balance),
    at: isoTime(Date.parse(String(at))),
    resource: String(resource),
    loadId: String(loadId),
  };
}

/** Undefined for a view that has other columns. */
async function rowsOf(reader: DatasetReader, sql: string, values: readonly QueryValue[] = []) {
  try {
    const { batches } = await reader.query(sql, values);
    const rows: (readonly QueryValue[])[] = [];
    for await (const batch of batches()) rows.push(...batch);
    return rows;
  } catch (error) {
    return nothingIfUnusable(error);
  }
}

function nothingIfUnusable(thrown: unknown): undefined {
  if (thrown instanceof PipelineError && ['UsageInvalid', 'QueryFailed'].includes(thrown.code)) return undefined;
  throw thrown;
}
