import { qualifiedName } from '../../duckdb/quote.ts';
import { readingBooks } from '../../load/books-unreadable.ts';
import type { DatasetNames } from '../../load/stored-dataset.ts';
import { LOADS_TABLE, STATE_TABLE } from '../../schema/names.ts';
import { isoTime } from '../../text/iso-time.ts';
import type { StateVersion } from '../destination.ts';
import type { ReadableCatalogue } from './open-catalogue.ts';
import { readCatalogue } from './read-catalogue.ts';

/** As many as tell since when a cursor is where it is. */
const MOST = 1000;

/** The newest first, in dlt's order: of loads that were completed. None where there is no catalogue, or nothing was loaded. */
export async function readStates(
  catalogue: ReadableCatalogue,
  { dataset, pipelineName }: DatasetNames,
): Promise<StateVersion[]> {
  const file = await catalogue.open();
  if (file === undefined) return [];
  const { connection, catalog } = file;
  try {
    const { tables } = await readCatalogue(connection, catalog, dataset);
    if (!tables.has(STATE_TABLE) || !tables.has(LOADS_TABLE)) return [];
    const rows = await readingBooks(dataset, () =>
      connection.rows(
        `select s.version, s.state, s._dlt_load_id as load_id, epoch_ms(s.created_at) as created_ms
         from ${qualifiedName(catalog, dataset, STATE_TABLE)} as s
         join ${qualifiedName(catalog, dataset, LOADS_TABLE)} as l on l.load_id = s._dlt_load_id
         where s.pipeline_name = $1 and l.status = 0
         order by l.load_id desc, s.version desc
         limit $2`,
        [pipelineName, MOST],
      ),
    );
    return rows.map(({ version, state, load_id, created_ms }) => ({
      version: Number(version),
      stored: String(state),
      loadId: String(load_id),
      createdAt: isoTime(Number(created_ms)),
    }));
  } catch (error) {
    throw file.tell(error);
  } finally {
    file.close();
  }
}
