import type { Connection } from '../duckdb/connection.ts';
import type { RequestTrace } from '../findings.ts';
import { jsonText } from '../json/json-text.ts';
import type { SchemaChange } from '../schema/table-schema.ts';

/** The ledger's name in the run's DuckDB. */
export const LEDGER = 'ledger';

/** Facts of one insert statement, which gets them as JSON: a run may have hundreds of thousands of requests. */
const BATCH = 2000;

/**
 * The tables can be read with any DuckDB tool when no run is going on, so names and order are public: new columns come at the
 * end. Times are UTC; `run_id` is when the run got the lock, in microseconds since 1970.
 */
export async function createTables(connection: Connection): Promise<void> {
  await connection.run(`
    create table if not exists ${LEDGER}.runs (
      run_id bigint, load_id varchar, pipeline_name varchar, started_at timestamptz, finished_at timestamptz,
      exit_code integer, failure_code varchar, message varchar
    );
    alter table ${LEDGER}.runs add column if not exists rows bigint;
    create table if not exists ${LEDGER}.requests (
      run_id bigint, resource varchar, method varchar, url varchar, status integer, attempts integer,
      milliseconds double, bytes bigint
    );
    alter table ${LEDGER}.requests add column if not exists load_id varchar;
    create table if not exists ${LEDGER}.schema_changes (
      run_id bigint, load_id varchar, table_name varchar, column_name varchar, change varchar,
      old_type varchar, new_type varchar, first_value varchar
    )`);
}

/** `startedAt` in milliseconds since 1970. */
export async function insertRun(
  connection: Connection,
  run: { runId: bigint; pipelineName: string; loadId: string | null; startedAt: number },
): Promise<void> {
  await connection.run(
    `insert into ${LEDGER}.runs (run_id, pipeline_name, load_id, started_at)
     values ($1, $2, $3, to_timestamp($4 / 1000.0))`,
    [run.runId, run.pipelineName, run.loadId, run.startedAt],
  );
}

/** A load id that is null leaves the one of the start. */
export async function updateRun(
  connection: Connection,
  run: {
    runId: bigint;
    loadId: string | null;
    finishedAt: number;
    exitCode: number;
    failureCode: string | null;
    message: string | null;
    rows: number;
  },
): Promise<void> {
  await connection.run(
    `update ${LEDGER}.runs
     set load_id = coalesce($2, load_id), finished_at = to_timestamp($3 / 1000.0), exit_code = $4,
         failure_code = $5, message = $6, rows = $7
     where run_id = $1`,
    [run.runId, run.loadId, run.finishedAt, run.exitCode, run.failureCode, run.message, run.rows],
  );
}

/** `loadId`: of the package that the run made of them, or continued; null where it made none. */
export async function insertRequests(
  connection: Connection,
  { runId, loadId }: { readonly runId: bigint; readonly loadId: string | null },
  requests: readonly RequestTrace[],
): Promise<void> {
  const types = {
    resource: 'varchar',
    method: 'varchar',
    url: 'varchar',
    status: 'integer',
    attempts: 'integer',
    milliseconds: 'double',
    bytes: 'bigint',
  };
  for (const batch of batchesOf(requests)) {
    await connection.run(
      `insert into ${LEDGER}.requests (run_id, load_id, resource, method, url, status, attempts, milliseconds, bytes)
       select $1, $2, request.* from (select unnest(from_json($3::json, $4)) as request)`,
      [runId, loadId, jsonText(batch), JSON.stringify([types])],
    );
  }
}

/** Of a package that was dropped again: what was written of it while the run went on. */
export async function forgetLoadId(connection: Connection, runId: bigint): Promise<void> {
  await connection.run(`update ${LEDGER}.requests set load_id = null where run_id = $1`, [runId]);
}

export async function insertSchemaChanges(
  connection: Connection,
  runId: bigint,
  loadId: string,
  changes: readonly SchemaChange[],
): Promise<void> {
  const names = ['table', 'column', 'change', 'oldType', 'newType', 'firstValue'];
  const types = Object.fromEntries(names.map((name) => [name, 'varchar']));
  for (const batch of batchesOf(changes)) {
    await connection.run(
      `insert into ${LEDGER}.schema_changes
         (run_id, load_id, table_name, column_name, change, old_type, new_type, first_value)
       select $1, $2, change.* from (select unnest(from_json($3::json, $4)) as change)`,
      [runId, loadId, jsonText(batch), JSON.stringify([types])],
    );
  }
}

function* batchesOf<T>(facts: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < facts.length; from += BATCH) yield facts.slice(from, from + BATCH);
}
