import { quotedString } from '../../duckdb/quote.ts';
import { type Target, targetTable } from '../../load/target.ts';
import type { Comments } from '../made-views.ts';

export async function commentsByName({ connection, catalog, dataset }: Target): Promise<Comments> {
  const rows = await connection.rows(
    `select name, comment from (
       select database_name, schema_name, table_name as name, null as comment from duckdb_tables()
       union all select database_name, schema_name, view_name, comment from duckdb_views())
     where database_name = ? and lower(schema_name) = lower(?)`,
    [catalog, dataset],
  );
  return new Map(
    rows.map(({ name, comment }) => [String(name).toLowerCase(), typeof comment === 'string' ? comment : null]),
  );
}

export async function createView(target: Target, name: string, select: string): Promise<void> {
  await target.connection.run(`create or replace view ${targetTable(target, name)} as ${select}`);
}

export async function commentOnView(target: Target, name: string, comment: string): Promise<void> {
  await target.connection.run(`comment on view ${targetTable(target, name)} is ${quotedString(comment)}`);
}

export async function dropView(target: Target, name: string): Promise<void> {
  await target.connection.run(`drop view ${targetTable(target, name)}`);
}
