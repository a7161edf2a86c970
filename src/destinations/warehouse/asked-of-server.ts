import type { AskedDataset } from '../../expectations/asked-dataset.ts';
import type { Server } from './server-dataset.ts';

/** What a load into a warehouse is asked with: in its transaction, where the engine has one. */
export function askedOfServer({ transport, dialect }: Server, dataset: string): AskedDataset {
  return {
    asker: transport.asker,
    dataset,
    tableName: (table) => dialect.relation(dataset, table),
    sql: dialect.asking,
  };
}
