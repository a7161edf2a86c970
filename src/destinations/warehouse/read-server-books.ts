import { requireBooks } from '../../load/book-layout.ts';
import { fragment } from '../../load/staging/sql-fragment.ts';
import { type StoredChange, storedChange } from '../../load/stored-dataset.ts';
import { LOADS_TABLE, SCHEMA_CHANGES_TABLE, STATE_TABLE } from '../../schema/names.ts';
import type { StateVersion, StoredBooks } from '../destination.ts';
import { readServerCatalogue } from './server-catalogue.ts';
import { readServerDataset, type Server } from './server-dataset.ts';
import { serverTime } from './server-time.ts';
import { readingServer, type Warehouse } from './warehouse.ts';

/** As many as tell since when a cursor is where it is. */
const MOST_STATES = 1000;

/** The schema document and the changes that led to it; nothing of either where nothing was loaded. */
export async function readServerBooks(warehouse: Warehouse): Promise<StoredBooks> {
  return readingServer(warehouse, async (server) => {
    const { stored, tables } = await readServerDataset(server, warehouse.names);
    const has = tables.has(SCHEMA_CHANGES_TABLE);
    return { schema: stored, changes: has ? await readChanges(server, warehouse.names.dataset) : [] };
  });
}

/** The newest first, in dlt's order: of loads that were completed. */
export async function readServerStates(warehouse: Warehouse): Promise<StateVersion[]> {
  const { dataset, pipelineName } = warehouse.names;
  return readingServer(warehouse, async ({ transport, dialect }) => {
    const { tables } = await readServerCatalogue(transport, dialect, dataset);
    requireBooks(tables, dataset);
    if (!tables.has(STATE_TABLE) || !tables.has(LOADS_TABLE)) return [];
    const rows = await transport.rows(
      fragment(
        `select s.version, s.state, l.load_id, s.created_at
         from ${dialect.relation(dataset, STATE_TABLE)} as s
         join ${dialect.relation(dataset, LOADS_TABLE)} as l on l.load_id = s.${dialect.identifier('_dlt_load_id')}
         where s.pipeline_name = ? and l.status = 0
         order by l.load_id desc, s.version desc limit ${MOST_STATES}`,
        pipelineName,
      ),
    );
    return rows.map(({ version, state, load_id, created_at }) => ({
      version: Number(version),
      stored: String(state),
      loadId: String(load_id),
      createdAt: serverTime(created_at),
    }));
  });
}

// --- internal ---

/** The newest load first; servers keep no order of rows, so those of one load come by table and column. */
async function readChanges({ transport, dialect }: Server, dataset: string): Promise<StoredChange[]> {
  const rows = await transport.rows(
    fragment(
      `select load_id, table_name, column_name, change, old_type, new_type, first_value, changed_at
       from ${dialect.relation(dataset, SCHEMA_CHANGES_TABLE)}
       order by load_id desc, table_name, case when column_name is null then 0 else 1 end, column_name`,
    ),
  );
  return rows.map((row) => storedChange(row, serverTime(row.changed_at)));
}
