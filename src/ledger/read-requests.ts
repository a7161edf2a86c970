import type { Connection, Row } from '../duckdb/connection.ts';
import type { LedgerRequest, RequestTotal } from '../report/requests-text.ts';
import { isoTime } from '../text/iso-time.ts';
import { hasTable } from './read-ledger.ts';
import { LEDGER } from './statements.ts';

/** Which requests of the ledger are meant. */
export interface RequestFilter {
  readonly pipeline: string;
  readonly resource?: string | undefined;
  /** From and to, both included; null: those that nobody answered. */
  readonly status?: readonly [from: number, to: number] | null | undefined;
  readonly loadId?: string | undefined;
  /** Of runs that began since, milliseconds since 1970. */
  readonly since?: number | undefined;
}

/** The newest first, or the slowest; `limit` at most. */
export async function selectRequests(
  connection: Connection,
  filter: RequestFilter,
  { limit, slowest }: { readonly limit: number; readonly slowest: boolean },
): Promise<LedgerRequest[]> {
  if (!(await hasTable(connection, 'requests'))) return [];
  const rows = await connection.rows(
    `select q.*, r.load_id as run_load_id, epoch_ms(r.started_at) as started_ms
     from ${MEANT} order by ${slowest ? 'q.milliseconds desc nulls last, ' : ''}q.run_id desc, q.rowid desc
     limit ${limit}`,
    parameters(filter),
  );
  return rows.map((row) => ({
    runStartedAt: isoTime(Number(row.started_ms)),
    loadId: textOrNull(row.run_load_id),
    resource: String(row.resource),
    method: String(row.method),
    url: String(row.url),
    ...figures(row),
    milliseconds: Math.round(Number(row.milliseconds)),
  }));
}

/** Of all that are meant. */
export async function selectRequestTotals(connection: Connection, filter: RequestFilter): Promise<RequestTotal[]> {
  if (!(await hasTable(connection, 'requests'))) return [];
  const rows = await connection.rows(
    `select q.resource, q.status, count(*) as requests, sum(q.attempts) as attempts, sum(q.milliseconds) as milliseconds,
       max(q.milliseconds) as slowest, sum(q.bytes) as bytes
     from ${MEANT} group by q.resource, q.status order by q.resource, q.status nulls last`,
    parameters(filter),
  );
  return rows.map((row) => ({
    resource: String(row.resource),
    ...figures(row),
    requests: Number(row.requests),
    milliseconds: Math.round(Number(row.milliseconds)),
    slowestMilliseconds: Math.round(Number(row.slowest)),
  }));
}

/** How long the requests of one resource took. */
export interface RequestTimes {
  readonly resource: string;
  /** Milliseconds, with all attempts and the waits between them. */
  readonly p50: number;
  readonly p95: number;
}

/** Of all that are meant, by resource. */
export async function selectRequestTimes(connection: Connection, filter: RequestFilter): Promise<RequestTimes[]> {
  if (!(await hasTable(connection, 'requests'))) return [];
  const rows = await connection.rows(
    `select q.resource, quantile_cont(q.milliseconds, [0.5, 0.95])[1] as p50, quantile_cont(q.milliseconds, [0.5, 0.95])[2] as p95
     from ${MEANT} group by q.resource`,
    parameters(filter),
  );
  return rows.map(({ resource, p50, p95 }) => ({
    resource: String(resource),
    p50: Math.round(Number(p50)),
    p95: Math.round(Number(p95)),
  }));
}

/** Of the runs of a pipeline, the newest first. */
export async function selectLoadIds(connection: Connection, pipeline: string): Promise<string[]> {
  const rows = await connection.rows(
    `select load_id from ${LEDGER}.runs where pipeline_name = $1 and load_id is not null order by run_id desc`,
    [pipeline],
  );
  return rows.map((row) => String(row.load_id));
}

// --- internal ---

const MEANT = `${LEDGER}.requests as q join ${LEDGER}.runs as r on r.run_id = q.run_id
  where r.pipeline_name = $1
    and ($2::varchar is null or q.resource = $2)
    and ($3::integer is null or q.status between $3 and $4)
    and (not $5::boolean or q.status is null)
    and ($6::varchar is null or r.load_id = $6)
    and ($7::double is null or epoch_ms(r.started_at) >= $7)`;

function parameters({ pipeline, resource, status, loadId, since }: RequestFilter) {
  const [from = null, to = null] = status ?? [];
  return [pipeline, resource ?? null, from, to, status === null, loadId ?? null, since ?? null];
}

function figures({ status, attempts, bytes }: Row) {
  return { status: status == null ? null : Number(status), attempts: Number(attempts), bytes: Number(bytes) };
}

const textOrNull = (value: unknown) => (value === null || value === undefined ? null : String(value));
