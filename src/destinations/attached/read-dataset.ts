import type { Connection } from '../../duckdb/connection.ts';
import { qualifiedName } from '../../duckdb/quote.ts';
import { adoptTables } from '../../load/adopt-tables.ts';
import { requireBooks } from '../../load/book-layout.ts';
import { readingBooks } from '../../load/books-unreadable.ts';
import type { Catalogue } from '../../load/catalogue.ts';
import { parseState } from '../../load/pipeline-state.ts';
import type { DatasetNames, StoredDataset } from '../../load/stored-dataset.ts';
import { LOADS_TABLE, ROLLBACKS_TABLE, STATE_TABLE, VERSION_TABLE } from '../../schema/names.ts';
import { parseStoredSchema } from '../../schema/stored-schema.ts';
import { readCatalogue } from './read-catalogue.ts';

/**
 * Reads what is in an attached file; read-only is enough. The catalogue is read each time: tables and columns that somebody
 * dropped or added by hand are seen.
 *
 * @param catalog name under which the file is attached
 */
export async function readDataset(
  connection: Connection,
  catalog: string,
  { dataset, schemaName, pipelineName }: DatasetNames,
): Promise<StoredDataset> {
  const { exists, tables } = await readCatalogue(connection, catalog, dataset);
  requireBooks(tables, dataset);
  return readingBooks(dataset, async () => ({
    exists,
    tables,
    ...(await readBooks(connection, catalog, { dataset, schemaName, pipelineName }, tables)),
  }));
}

async function readBooks(
  connection: Connection,
  catalog: string,
  { dataset, schemaName, pipelineName }: DatasetNames,
  tables: Catalogue,
): Promise<Omit<StoredDataset, 'exists' | 'tables'>> {
  const has = (table: string) => tables.has(table);
  const document = has(VERSION_TABLE) ? await newestSchema(connection, catalog, dataset, schemaName) : undefined;
  const state =
    has(STATE_TABLE) && has(LOADS_TABLE) ? await newestState(connection, catalog, dataset, pipelineName) : undefined;
  const stored = document === undefined ? undefined : parseStoredSchema(document);
  return {
    stored,
    schema: adoptTables(stored, tables, schemaName),
    state: state === undefined ? undefined : parseState(state),
    lastLoadId: has(LOADS_TABLE) ? await greatestLoadId(connection, catalog, dataset, has(ROLLBACKS_TABLE)) : undefined,
  };
}

/** Whether `_dlt_loads` has a load id: such a package is not loaded again. */
export async function isLoaded(
  connection: Connection,
  catalog: string,
  dataset: string,
  loadId: string,
): Promise<{ versionHash: string } | undefined> {
  const row = await connection.row(`select * from ${qualifiedName(catalog, dataset, LOADS_TABLE)} where load_id = ?`, [
    loadId,
  ]);
  return row === undefined ? undefined : { versionHash: String(row.schema_version_hash ?? '') };
}

/** In dlt's order: the document inserted last. */
async function newestSchema(
  connection: Connection,
  catalog: string,
  dataset: string,
  schemaName: string,
): Promise<string | undefined> {
  const row = await connection.row(
    `select schema from ${qualifiedName(catalog, dataset, VERSION_TABLE)}
     where schema_name = ? order by inserted_at desc limit 1`,
    [schemaName],
  );
  return row === undefined ? undefined : String(row.schema);
}

/** In dlt's order: of the last load that was completed. */
async function newestState(
  connection: Connection,
  catalog: string,
  dataset: string,
  pipelineName: string,
): Promise<string | undefined> {
  const row = await connection.row(
    `select s.state from ${qualifiedName(catalog, dataset, STATE_TABLE)} as s
     join ${qualifiedName(catalog, dataset, LOADS_TABLE)} as l on l.load_id = s._dlt_load_id
     where s.pipeline_name = ? and l.status = 0 order by l.load_id desc, s.version desc limit 1`,
    [pipelineName],
  );
  return row === undefined ? undefined : String(row.state);
}

/** Loads that were taken back have ids as well, which are never used again: that of the rollback is greater. */
async function greatestLoadId(
  connection: Connection,
  catalog: string,
  dataset: string,
  hasRollbacks: boolean,
): Promise<string | undefined> {
  const rollbacks = hasRollbacks
    ? ` union all select max(rollback_id) from ${qualifiedName(catalog, dataset, ROLLBACKS_TABLE)}`
    : '';
  const row = await connection.row(
    `select max(load_id) as load_id from (select max(load_id) as load_id from ${qualifiedName(catalog, dataset, LOADS_TABLE)}${rollbacks})`,
  );
  return typeof row?.load_id === 'string' ? row.load_id : undefined;
}
