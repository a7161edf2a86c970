import type { DatasetSummary } from '../../load/dataset-summary.ts';
import { fragment } from '../../load/staging/sql-fragment.ts';
import { DLT_LOAD_ID, isBookTable, LOADS_TABLE } from '../../schema/names.ts';
import { allAtOnce } from './at-once.ts';
import { readServerCatalogue } from './server-catalogue.ts';
import type { Server } from './server-dataset.ts';
import { serverTime } from './server-time.ts';
import { readingServer, type Warehouse } from './warehouse.ts';

/** The last loads and the row counts of a dataset; undefined where it is not there yet. */
export async function summarizeServer(warehouse: Warehouse, loads: number): Promise<DatasetSummary | undefined> {
  const { dataset } = warehouse.names;
  return readingServer(warehouse, async (server) => {
    const { exists, tables } = await readServerCatalogue(server.transport, server.dialect, dataset);
    if (!exists) return undefined;
    const hasLoads = tables.has(LOADS_TABLE);
    const found: DatasetSummary['tables'][number][] = [];
    const own = [...tables.values()].filter(({ name }) => !isBookTable(name));
    const questions = own.map(({ name, columns }) => async () => {
      const loadedAt = hasLoads && columns.has(DLT_LOAD_ID) ? await newestLoad(server, dataset, name) : null;
      found.push({ name, rows: await rowCount(server, dataset, name), loadedAt });
    });
    await allAtOnce(questions, server.transport.atOnce);
    found.sort((a, b) => (a.name < b.name ? -1 : 1));
    return { loads: hasLoads ? await lastLoads(server, dataset, loads) : [], tables: found };
  });
}

// --- internal ---

async function lastLoads({ transport, dialect }: Server, dataset: string, most: number) {
  const rows = await transport.rows(
    fragment(
      `select load_id, status, inserted_at from ${dialect.relation(dataset, LOADS_TABLE)}
       order by load_id desc limit ${Math.trunc(most)}`,
    ),
  );
  return rows.map(({ load_id, status, inserted_at }) => ({
    loadId: String(load_id),
    insertedAt: serverTime(inserted_at),
    status: Number(status),
  }));
}

async function rowCount({ transport, dialect }: Server, dataset: string, table: string): Promise<number> {
  const [row] = await transport.rows(fragment(`select count(*) as n from ${dialect.relation(dataset, table)}`));
  return Number(row?.n ?? 0);
}

/** When the load of the newest rows was made; null where the books do not know it. */
async function newestLoad({ transport, dialect }: Server, dataset: string, table: string): Promise<string | null> {
  const [row] = await transport.rows(
    fragment(
      `select inserted_at from ${dialect.relation(dataset, LOADS_TABLE)}
       where load_id = (select max(${dialect.identifier(DLT_LOAD_ID)}) from ${dialect.relation(dataset, table)})`,
    ),
  );
  return row === undefined ? null : serverTime(row.inserted_at);
}
