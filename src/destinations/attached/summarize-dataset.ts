import { qualifiedName, quotedIdentifier } from '../../duckdb/quote.ts';
import { readingBooks } from '../../load/books-unreadable.ts';
import type { DatasetSummary } from '../../load/dataset-summary.ts';
import { DLT_LOAD_ID, LOADS_TABLE } from '../../schema/names.ts';
import { isoTime } from '../../text/iso-time.ts';
import type { OpenCatalogue, ReadableCatalogue } from './open-catalogue.ts';

/**
 * The last loads and the row counts of what was published, opened read-only; undefined where there is nothing yet.
 *
 * @throws PipelineError DestinationLocked, DestinationTooNew, DestinationUnreadable, DestinationFailed
 */
export async function summarizeDataset(
  catalogue: ReadableCatalogue,
  { dataset, loads = 5 }: { dataset: string; loads?: number },
): Promise<DatasetSummary | undefined> {
  const file = await catalogue.open();
  if (file === undefined) return undefined;
  try {
    return await readingBooks(dataset, () => summarize(file, dataset, loads));
  } catch (error) {
    throw file.tell(error);
  } finally {
    file.close();
  }
}

async function summarize(file: OpenCatalogue, dataset: string, loads: number): Promise<DatasetSummary> {
  const names = await tableNames(file, dataset);
  const hasLoads = names.includes(LOADS_TABLE);
  const roots = hasLoads ? await rootTables(file, dataset) : [];
  const tables: DatasetSummary['tables'][number][] = [];
  // One after another: DuckDB never ends where a file is closed because one statement failed while another still runs.
  for (const name of names.filter((table) => !/^_(dlt|elt)_/.test(table))) {
    const loaded = roots.includes(name) ? await loadedAt(file, dataset, name) : null;
    tables.push({ name, rows: await rowCount(file, dataset, name), loadedAt: loaded });
  }
  return { loads: hasLoads ? await lastLoads(file, dataset, loads) : [], tables };
}

async function tableNames({ connection, catalog }: OpenCatalogue, dataset: string): Promise<string[]> {
  const rows = await connection.rows(
    `select table_name from duckdb_tables() where database_name = ? and lower(schema_name) = lower(?) order by table_name`,
    [catalog, dataset],
  );
  return rows.map(({ table_name }) => String(table_name));
}

async function lastLoads(
  { connection, catalog }: OpenCatalogue,
  dataset: string,
  most: number,
): Promise<DatasetSummary['loads'][number][]> {
  const rows = await connection.rows(
    `select load_id, status, epoch_ms(inserted_at) as inserted_ms
     from ${qualifiedName(catalog, dataset, LOADS_TABLE)}
     order by load_id desc
     limit ?`,
    [most],
  );
  return rows.map(({ load_id, status, inserted_ms }) => ({
    loadId: String(load_id),
    insertedAt: isoTime(Number(inserted_ms)),
    status: Number(status),
  }));
}

async function rowCount({ connection, catalog }: OpenCatalogue, dataset: string, table: string): Promise<number> {
  const row = await connection.row(`select count(*) as rows from ${qualifiedName(catalog, dataset, table)}`);
  return Number(row?.rows ?? 0);
}

/** Tables whose rows tell their load. */
async function rootTables({ connection, catalog }: OpenCatalogue, dataset: string): Promise<string[]> {
  const rows = await connection.rows(
    `select table_name from duckdb_columns() where database_name = ? and lower(schema_name) = lower(?) and column_name = ?`,
    [catalog, dataset, DLT_LOAD_ID],
  );
  return rows.map(({ table_name }) => String(table_name));
}

async function loadedAt(
  { connection, catalog }: OpenCatalogue,
  dataset: string,
  table: string,
): Promise<string | null> {
  const row = await connection.row(
    `select epoch_ms(inserted_at) as inserted_ms from ${qualifiedName(catalog, dataset, LOADS_TABLE)}
     where load_id = (select max(${quotedIdentifier(DLT_LOAD_ID)}) from ${qualifiedName(catalog, dataset, table)})`,
  );
  return row === undefined ? null : isoTime(Number(row.inserted_ms));
}
