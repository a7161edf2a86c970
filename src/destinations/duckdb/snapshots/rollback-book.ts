import type { Connection } from '../../../duckdb/connection.ts';
import { qualifiedName } from '../../../duckdb/quote.ts';
import { ROLLBACKS_TABLE } from '../../../schema/names.ts';

/** A row of `_elt_rollbacks`. */
export interface RollbackRow {
  /** Greater than every load id before it, smaller than those after it. */
  readonly id: string;
  /** Microseconds since 1970. */
  readonly at: bigint;
  /** Last loads of the dataset before and after; null where nothing was there. */
  readonly from: string | null;
  readonly to: string;
}

/** Of every rollback that led to this file, or to one that it took the place of. */
export async function readRollbacks(connection: Connection, catalog: string, dataset: string): Promise<RollbackRow[]> {
  const found = await connection.row(
    'select 1 from duckdb_tables() where database_name = ? and lower(schema_name) = lower(?) and table_name = ?',
    [catalog, dataset, ROLLBACKS_TABLE],
  );
  if (found === undefined) return [];
  const rows = await connection.rows(
    `select rollback_id, epoch_us(rolled_back_at) as at, from_load_id, to_load_id
     from ${qualifiedName(catalog, dataset, ROLLBACKS_TABLE)} order by rollback_id`,
  );
  return rows.map(({ rollback_id, at, from_load_id, to_load_id }) => ({
    id: String(rollback_id),
    at: BigInt(String(at)),
    from: typeof from_load_id === 'string' ? from_load_id : null,
    to: String(to_load_id),
  }));
}

/** Adds those that are not there. */
export async function writeRollbacks(
  connection: Connection,
  catalog: string,
  dataset: string,
  rows: readonly RollbackRow[],
): Promise<void> {
  const table = qualifiedName(catalog, dataset, ROLLBACKS_TABLE);
  await connection.run(
    `create table if not exists ${table} (rollback_id varchar not null, rolled_back_at timestamptz not null,
       from_load_id varchar, to_load_id varchar not null)`,
  );
  const there = new Set((await readRollbacks(connection, catalog, dataset)).map(({ id }) => id));
  for (const { id, at, from, to } of rows) {
    if (there.has(id)) continue;
    await connection.run(`insert into ${table} values (?, make_timestamptz(?::bigint), ?, ?)`, [id, at, from, to]);
  }
}
