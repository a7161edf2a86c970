import { adoptTables } from '../../load/adopt-tables.ts';
import { requireBooks } from '../../load/book-layout.ts';
import type { Catalogue } from '../../load/catalogue.ts';
import { parseState } from '../../load/pipeline-state.ts';
import { fragment } from '../../load/staging/sql-fragment.ts';
import type { DatasetNames, StoredDataset } from '../../load/stored-dataset.ts';
import { LOADS_TABLE, STATE_TABLE, VERSION_TABLE } from '../../schema/names.ts';
import { parseStoredSchema } from '../../schema/stored-schema.ts';
import type { Dialect } from './dialect.ts';
import { readServerCatalogue } from './server-catalogue.ts';
import type { Transport } from './warehouse-transport.ts';

/** A session with an engine, and how to speak to it. */
export interface Server {
  readonly transport: Transport;
  readonly dialect: Dialect;
}

/** What a dataset holds for a pipeline. The catalogue is read each time: what somebody dropped or added by hand is seen. */
export async function readServerDataset(server: Server, names: DatasetNames): Promise<StoredDataset> {
  const { dataset, schemaName, pipelineName } = names;
  const { exists, tables } = await readServerCatalogue(server.transport, server.dialect, dataset);
  requireBooks(tables, dataset);
  const document = await newestSchema(server, tables, dataset, schemaName);
  const state = await newestState(server, tables, dataset, pipelineName);
  const stored = document === undefined ? undefined : parseStoredSchema(document);
  return {
    exists,
    tables,
    stored,
    schema: adoptTables(stored, tables, schemaName),
    state: state === undefined ? undefined : parseState(state),
    lastLoadId: await greatestLoadId(server, tables, dataset),
  };
}

/** Whether `_dlt_loads` has a load id: such a package is not loaded again. */
export async function findLoad(
  { transport, dialect }: Server,
  dataset: string,
  loadId: string,
): Promise<{ versionHash: string } | undefined> {
  const [row] = await transport.rows(
    fragment(`select schema_version_hash from ${dialect.relation(dataset, LOADS_TABLE)} where load_id = ?`, loadId),
  );
  return row === undefined ? undefined : { versionHash: String(row.schema_version_hash ?? '') };
}

// --- internal ---

/** In dlt's order: the document inserted last. */
async function newestSchema(
  { transport, dialect }: Server,
  tables: Catalogue,
  dataset: string,
  schemaName: string,
): Promise<string | undefined> {
  if (!tables.has(VERSION_TABLE)) return undefined;
  const schema = dialect.identifier('schema');
  const [row] = await transport.rows(
    fragment(
      `select ${schema} from ${dialect.relation(dataset, VERSION_TABLE)}
       where schema_name = ? order by inserted_at desc limit 1`,
      schemaName,
    ),
  );
  return row === undefined ? undefined : String(row.schema);
}

/** In dlt's order: of the last load that was completed. */
async function newestState(
  { transport, dialect }: Server,
  tables: Catalogue,
  dataset: string,
  pipelineName: string,
): Promise<string | undefined> {
  if (!tables.has(STATE_TABLE) || !tables.has(LOADS_TABLE)) return undefined;
  const [row] = await transport.rows(
    fragment(
      `select s.state from ${dialect.relation(dataset, STATE_TABLE)} as s
       join ${dialect.relation(dataset, LOADS_TABLE)} as l on l.load_id = s.${dialect.identifier('_dlt_load_id')}
       where s.pipeline_name = ? and l.status = 0 order by l.load_id desc, s.version desc limit 1`,
      pipelineName,
    ),
  );
  return row === undefined ? undefined : String(row.state);
}

async function greatestLoadId(
  { transport, dialect }: Server,
  tables: Catalogue,
  dataset: string,
): Promise<string | undefined> {
  if (!tables.has(LOADS_TABLE)) return undefined;
  const [row] = await transport.rows(
    fragment(`select max(load_id) as load_id from ${dialect.relation(dataset, LOADS_TABLE)}`),
  );
  return typeof row?.load_id === 'string' ? row.load_id : undefined;
}
