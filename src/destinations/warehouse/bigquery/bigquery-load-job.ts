import type { BigqueryClient } from './bigquery-client.ts';
import { isBigqueryLost, reasonOf } from './bigquery-errors.ts';

export interface LoadedFile {
  /** Of a Parquet file. */
  readonly path: string;
  readonly rows: number;
  readonly dataset: string;
  /** It is there. The job is called so, too. */
  readonly table: string;
  readonly region: string;
}

const OPTIONS = {
  sourceFormat: 'PARQUET',
  createDisposition: 'CREATE_NEVER',
  writeDisposition: 'WRITE_APPEND',
  decimalTargetTypes: ['NUMERIC', 'BIGNUMERIC'],
};

/** How often a file is sent of which nobody knows whether it came. */
const MOST_SENT = 3;

/**
 * Adds the rows of a file to a table, once: where an answer is lost the file is sent again under the same id of its job, and where
 * that job is there already it is waited for.
 */
export async function loadFile(client: BigqueryClient, file: LoadedFile): Promise<void> {
  for (let sent = 1; ; sent += 1) {
    try {
      return await send(client, file);
    } catch (error) {
      if (isThere(error)) return jobEnd(client, file);
      if (!isBigqueryLost(error) || sent === MOST_SENT) throw error;
    }
  }
}

// --- internal ---

async function send(client: BigqueryClient, { path, dataset, table, region }: LoadedFile): Promise<void> {
  await client
    .dataset(dataset)
    .table(table)
    .load(path, { ...OPTIONS, jobId: table, location: region });
}

function isThere(thrown: unknown): boolean {
  return thrown instanceof Error && ['duplicate', '409'].includes(reasonOf(thrown) ?? '');
}

async function jobEnd(client: BigqueryClient, { table, region, rows }: LoadedFile): Promise<void> {
  const job = client.job(table, { location: region });
  await job.promise();
  const [{ statistics }] = await job.getMetadata();
  const loaded = Number(statistics?.load?.outputRows ?? 0);
  if (loaded === rows) return;
  throw Object.assign(new Error(`The load job ${table} brought ${loaded} of ${rows} rows`), { code: 'duplicate' });
}
