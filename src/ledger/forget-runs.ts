import type { Connection } from '../duckdb/connection.ts';
import { LEDGER } from './statements.ts';

/** Takes away all but the newest runs of a pipeline, with what the ledger knows of them. */
export async function forgetRuns(connection: Connection, pipelineName: string, keep: number): Promise<void> {
  const tables = await connection.rows('select table_name from duckdb_tables() where database_name = $1', [LEDGER]);
  const there = new Set(tables.map(({ table_name }) => String(table_name)));
  await connection.transaction(async () => {
    await connection.run(
      `delete from ${LEDGER}.runs where pipeline_name = $1 and run_id not in
         (select run_id from ${LEDGER}.runs where pipeline_name = $1 order by run_id desc limit $2)`,
      [pipelineName, keep],
    );
    for (const table of ['requests', 'schema_changes', 'costs'].filter((name) => there.has(name))) {
      await connection.run(`delete from ${LEDGER}.${table} where run_id not in (select run_id from ${LEDGER}.runs)`);
    }
  });
}
