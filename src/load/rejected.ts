import { qualifiedName } from '../duckdb/quote.ts';
import { BOOKS, PACKAGE } from '../package/layout.ts';
import { REJECTED_TABLE } from '../schema/names.ts';
import type { Catalogue } from './catalogue.ts';
import { type Target, targetTable } from './target.ts';

const kept = qualifiedName(PACKAGE, BOOKS, 'rejected');

/** Puts what a contract kept out, and the configuration wants kept, into `_elt_rejected`; made when there is something. */
export async function keepRejected(target: Target, loadId: string, actual: Catalogue): Promise<void> {
  if (!(await hasRejected(target))) return;
  if (!actual.has(REJECTED_TABLE)) await createRejected(target);
  await addSourceRow(target);
  await copyRejected(target, loadId);
}

async function hasRejected({ connection }: Target): Promise<boolean> {
  return (await connection.row(`select 1 from ${kept} limit 1`)) !== undefined;
}

async function createRejected(target: Target): Promise<void> {
  await target.connection.run(
    `create table ${targetTable(target, REJECTED_TABLE)}
       (load_id varchar not null, table_name varchar not null, column_name varchar, reason varchar not null, record json)`,
  );
}

/** The column came later: tables of an earlier version lack it. */
async function addSourceRow(target: Target): Promise<void> {
  await target.connection.run(
    `alter table ${targetTable(target, REJECTED_TABLE)} add column if not exists source_row json`,
  );
}

/** Packages of an earlier version know no `source_row`. */
async function copyRejected(target: Target, loadId: string): Promise<void> {
  await target.connection.run(
    `insert into ${targetTable(target, REJECTED_TABLE)} (load_id, table_name, column_name, reason, record, source_row)
     select ?, table_name, column_name, reason, record::json, (to_json(k)->>'source_row')::json from ${kept} as k`,
    [loadId],
  );
}
