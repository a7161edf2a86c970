import { createHash } from 'node:crypto';
import { fragment } from '../../load/staging/sql-fragment.ts';
import { LOADS_TABLE } from '../../schema/names.ts';
import { readServerCatalogue } from './server-catalogue.ts';
import type { Server } from './server-dataset.ts';

/**
 * Tells by which loads a dataset came about, what its tables look like, and, where the engine counts them, how many rows were ever
 * written, so that what somebody else did to them is seen.
 */
export async function serverState({ transport, dialect }: Server, dataset: string): Promise<string> {
  const { exists, tables } = await readServerCatalogue(transport, dialect, dataset);
  if (!exists) return 'none';
  const loads = tables.has(LOADS_TABLE)
    ? await transport.rows(
        fragment(`select count(*) as n, max(load_id) as load_id from ${dialect.relation(dataset, LOADS_TABLE)}`),
      )
    : [];
  const writes = dialect.writes === undefined ? [] : await transport.rows(dialect.writes(dataset));
  const columns = [...tables.values()].map(({ name, columns }) => [name, [...columns.values()]]);
  const text = JSON.stringify([loads, writes, columns], (_, value) => (typeof value === 'bigint' ? `${value}` : value));
  return createHash('sha256').update(text).digest('hex');
}
