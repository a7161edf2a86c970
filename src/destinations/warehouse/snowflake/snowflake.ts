import { dirname } from 'node:path';
import type { DestinationConfigs } from '../../../config/grammar/destination-schema.ts';
import type { PipelineConfig } from '../../../config/pipeline-config.ts';
import { spillFolder } from '../../../files/working-folder.ts';
import type { Destination } from '../../destination.ts';
import { warehouseDestination } from '../warehouse-destination.ts';
import { snowflakeLocation } from './snowflake-location.ts';

/** A schema of a database of Snowflake. The client is loaded when it is needed. */
export function snowflake(
  { credentials, statement_timeout: statementTimeout, files_dir: folder }: DestinationConfigs['snowflake'],
  { pipeline, source }: PipelineConfig,
): Destination {
  const names = { dataset: pipeline.dataset_name, schemaName: source.name, pipelineName: pipeline.name };
  const place = { credentials, dataset: names.dataset, statementTimeout };
  const location = snowflakeLocation(credentials);
  const warehouse = () => import('./snowflake-warehouse.ts');
  return warehouseDestination({
    ...{ location, pipeline, createIndexes: false, clients: ['snowflake-sdk'] },
    files: { folder, base: dirname(folder) },
    reach: async () => (await warehouse()).snowflakeWarehouse(place, names),
    connect:
      ({ signal }) =>
      async () =>
        (await warehouse()).loadingSession(place, spillFolder(pipeline.working_dir), signal),
    examine: async () => (await import('./examine-snowflake.ts')).examineSnowflake(place),
  });
}
