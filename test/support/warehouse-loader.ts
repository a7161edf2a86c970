import { type PublishTarget, publishToWarehouse } from '../../src/destinations/warehouse/publish-warehouse.ts';
import { askedOf } from '../../src/expectations/asked-dataset.ts';
import { silentFindings } from '../../src/findings.ts';
import { type Loader, SCHEMA_NAME, type TestTable } from './package.ts';

type Engine = Omit<PublishTarget, 'names'>;

/** Loads through the warehouse's code into an engine that a test plays, with a view. */
export function loaderInto(engine: (dataset: string, pipelineName: string) => Promise<Engine>): Loader {
  return async (connection, { dataset, pipelineName, loadId, now }) => {
    const names = { dataset, pipelineName, schemaName: SCHEMA_NAME };
    return publishToWarehouse(
      { ...(await engine(dataset, pipelineName)), names },
      {
        ...{ loadId, connection, now, isRecovered: false, createIndexes: false, allowDelete: false },
        views: { newest: { sql: 'select * from orders' } },
        findings: silentFindings,
        asked: () => askedOf({ connection, catalog: 'target', dataset }),
      },
    );
  };
}

/** Has what travels in another type. */
export const orders: TestTable = {
  name: 'orders',
  hints: { write_disposition: 'merge', 'x-merge-strategy': 'upsert' },
  columns: { id: { data_type: 'bigint', primary_key: true }, raw: 'json', at: 'time', huge: 'wei', bytes: 'binary' },
  rows: [{ id: 1, raw: '{}', at: null, huge: null, bytes: null, '#key': 'key of 1' }],
};
