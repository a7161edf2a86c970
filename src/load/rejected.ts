import { qualifiedName, quotedString } from '../duckdb/quote.ts';
import { BOOKS, PACKAGE } from '../package/layout.ts';
import { REJECTED_TABLE } from '../schema/names.ts';
import type { Catalogue } from './catalogue.ts';
import { type Target, targetTable } from './target.ts';

const kept = qualifiedName(PACKAGE, BOOKS, 'rejected');

/** The columns of `_elt_rejected`, and what they are. */
export const REJECTED_WORDS: ReadonlyMap<string, string> = new Map([
  ['load_id', 'Load that kept it out'],
  ['table_name', 'Table that it was for'],
  ['column_name', 'Column that it was for; null: a whole row'],
  ['reason', 'Why the contract kept it out'],
  ['record', 'The row, or the value'],
  ['source_row', 'Row of the source that a value was in'],
]);

/** Puts what a contract kept out, and the configuration wants kept, into `_elt_rejected`; made when there is something. */
export async function keepRejected(target: Target, loadId: string, actual: Catalogue): Promise<void> {
  if (!(await hasRejected(target))) return;
  if (!actual.has(REJECTED_TABLE)) await createRejected(target);
  await addSourceRow(target);
  if (actual.get(REJECTED_TABLE)?.comment == null) await describeRejected(target);
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

/** With what its columns are. */
async function describeRejected(target: Target): Promise<void> {
  const table = targetTable(target, REJECTED_TABLE);
  const statements = [...REJECTED_WORDS].map(
    ([column, text]) => `comment on column ${table}.${column} is ${quotedString(text)}`,
  );
  await target.connection.run(
    `comment on table ${table} is 'Rows and values that a schema contract kept out'; ${statements.join('; ')}`,
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
