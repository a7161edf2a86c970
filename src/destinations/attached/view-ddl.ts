import { quotedString } from '../../duckdb/quote.ts';
import { type Target, targetTable } from '../../load/target.ts';

/** Stands in the comment of every view that was made here; it is gone when somebody makes the view anew. */
const MADE_HERE = 'Made by dezgo-elt from';

/** Comments of the tables and views of a dataset, by lower-case name. */
export type Comments = ReadonlyMap<string, string | null>;

/** What a view was made from, as the end of its comment. */
export function madeFrom(what: string): string {
  return `${MADE_HERE} ${what}`;
}

/** Whether a table, or a view that somebody else made, has the name. */
export function isOfUser(known: Comments, name: string): boolean {
  return known.has(name) && known.get(name)?.includes(MADE_HERE) !== true;
}

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
