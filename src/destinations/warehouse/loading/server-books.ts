import { bookComments, bookLayout, missingBookColumns } from '../../../load/book-layout.ts';
import type { Catalogue } from '../../../load/catalogue.ts';
import { type PipelineState, storedForm } from '../../../load/pipeline-state.ts';
import type { RowTallies } from '../../../load/row-tally.ts';
import { type Fragment, fragment } from '../../../load/staging/sql-fragment.ts';
import {
  LOAD_TABLES_TABLE,
  LOADS_TABLE,
  SCHEMA_CHANGES_TABLE,
  STATE_TABLE,
  VERSION_TABLE,
} from '../../../schema/names.ts';
import { packedDocument } from '../../../schema/packed-document.ts';
import { keyPrefix } from '../../../schema/row-id.ts';
import type { ColumnSchema, SchemaChange, StoredSchema } from '../../../schema/table-schema.ts';
import { instantOf } from '../../../values/coerce.ts';
import { allAtOnce } from '../at-once.ts';
import type { Comments, DefinedColumn, Dialect } from '../dialect.ts';
import type { Server } from '../server-dataset.ts';
import { instantValue } from './server-values.ts';

/** A dataset on a server, to which a load or a state is written. */
export interface BookTarget {
  readonly server: Server;
  readonly dataset: string;
  readonly loadId: string;
  /** Microseconds since 1970. */
  readonly now: bigint;
}

/** Makes the tables that the dataset lacks, and the columns that came later; books without a comment get theirs. */
export async function createServerBooks(server: Server, dataset: string, actual: Catalogue): Promise<void> {
  const books = Object.entries(bookLayout).map(([table, { comment, columns }]) => async () => {
    const comments = { table: comment, columns: bookComments(table) };
    await createBook(server, dataset, actual, table, columns, comments);
    const isCommented = !actual.has(table) && server.dialect.createsWithComments === true;
    if (isCommented || actual.get(table)?.comment != null) return;
    await runAll(server, server.dialect.comments(server.dialect.relation(dataset, table), comments));
  });
  await allAtOnce(books, server.transport.atOnce);
}

async function createBook(
  server: Server,
  dataset: string,
  actual: Catalogue,
  table: string,
  columns: readonly ColumnSchema[],
  comments: Comments,
): Promise<void> {
  const { dialect } = server;
  const relation = dialect.relation(dataset, table);
  const missing = missingBookColumns(actual, table);
  if (!actual.has(table)) {
    await runAll(server, [
      dialect.createTable(
        relation,
        columns.map((column) => bookColumn(column, dialect)),
        comments,
      ),
    ]);
  } else if (missing.length > 0) {
    const added = missing.map((column) => ({ ...bookColumn(column, dialect), required: false }));
    await runAll(server, dialect.addColumns(relation, added));
  }
}

export function bookColumn(column: ColumnSchema, dialect: Dialect): DefinedColumn {
  return { name: column.name, type: dialect.typeOf(column), required: column.nullable === false };
}

export async function runAll({ transport }: Server, statements: readonly string[]): Promise<void> {
  for (const sql of statements) await transport.execute(fragment(sql));
}

/** `inserted_at` is later than every earlier one, because dlt takes the newest for the current schema. */
export async function writeVersion(target: BookTarget, schema: StoredSchema): Promise<void> {
  const { transport, dialect } = target.server;
  const relation = dialect.relation(target.dataset, VERSION_TABLE);
  const [row] = await transport.rows(fragment(`select max(inserted_at) as newest from ${relation}`));
  const newest = row?.newest == null ? undefined : instantOf(String(row.newest));
  const at = newest === undefined || newest < target.now ? target.now : newest + 1n;
  const { version, engine_version, name, version_hash } = schema;
  await insertRow(target, VERSION_TABLE, [
    ['version', version],
    ['engine_version', engine_version],
    ['inserted_at', instantValue(dialect, at)],
    ['schema_name', name],
    ['version_hash', version_hash],
    ['schema', packedDocument(JSON.stringify(schema), dialect.longestText)],
  ]);
}

export async function writeState(target: BookTarget, pipelineName: string, next: PipelineState): Promise<void> {
  const { version, engineVersion, state, versionHash } = storedForm(next);
  await insertRow(target, STATE_TABLE, [
    ['version', version],
    ['engine_version', engineVersion],
    ['pipeline_name', pipelineName],
    ['state', state],
    ['created_at', instantValue(target.server.dialect, target.now)],
    ['version_hash', versionHash],
    ['_dlt_load_id', target.loadId],
    ['_dlt_id', `${keyPrefix(target.loadId, STATE_TABLE)}0`],
  ]);
}

export async function writeChanges(target: BookTarget, changes: readonly SchemaChange[]): Promise<void> {
  const at = instantValue(target.server.dialect, target.now);
  await insertRows(
    target,
    SCHEMA_CHANGES_TABLE,
    changes.map(({ table, column, change, oldType, newType, firstValue }) => [
      ['load_id', target.loadId],
      ['table_name', table],
      ['column_name', column],
      ['change', change],
      ['old_type', oldType],
      ['new_type', newType],
      ['first_value', firstValue?.replaceAll('\0', '') ?? null],
      ['changed_at', at],
    ]),
  );
}

/** A table of which nothing changed has no row. */
export async function writeTallies(target: BookTarget, tallies: RowTallies): Promise<void> {
  await insertRows(
    target,
    LOAD_TABLES_TABLE,
    [...tallies].map(([table, { inserted, updated, deleted, retired }]) => [
      ['load_id', target.loadId],
      ['table_name', table],
      ['rows_inserted', inserted],
      ['rows_updated', updated],
      ['rows_deleted', deleted],
      ['rows_retired', retired],
    ]),
  );
}

/** The mark that a load is complete, with status 0 as dlt writes it; the last row of all. */
export async function writeLoad(target: BookTarget, schemaName: string, versionHash: string): Promise<void> {
  await insertRow(target, LOADS_TABLE, [
    ['load_id', target.loadId],
    ['schema_name', schemaName],
    ['status', 0],
    ['inserted_at', instantValue(target.server.dialect, target.now)],
    ['schema_version_hash', versionHash],
  ]);
}

type Cell = readonly [column: string, value: string | number | null | Fragment];

function insertRow(target: BookTarget, table: string, cells: readonly Cell[]): Promise<void> {
  return insertRows(target, table, [cells]);
}

/** Rows of one statement: fewer values than any engine takes. */
const ROWS_AT_ONCE = 200;

/** All rows have the same columns. */
async function insertRows(
  { server, dataset }: BookTarget,
  table: string,
  rows: readonly (readonly Cell[])[],
): Promise<void> {
  const { transport, dialect } = server;
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const some = rows.slice(from, from + ROWS_AT_ONCE).map((cells) => cells.map(([, value]) => asFragment(value)));
    const names = (rows[0] ?? []).map(([column]) => dialect.identifier(column));
    const tuples = some.map((values) => `(${values.map(({ sql }) => sql).join(', ')})`);
    await transport.execute(
      fragment(
        `insert into ${dialect.relation(dataset, table)} (${names.join(', ')}) values ${tuples.join(', ')}`,
        ...some.flatMap((values) => values.flatMap((value) => value.values)),
      ),
    );
  }
}

function asFragment(value: Cell[1]): Fragment {
  return typeof value === 'object' && value !== null ? value : fragment('?', value);
}
