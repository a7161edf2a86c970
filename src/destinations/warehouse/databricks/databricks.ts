import { dirname } from 'node:path';
import type { DestinationConfigs } from '../../../config/grammar/destination-schema.ts';
import type { PipelineConfig } from '../../../config/pipeline-config.ts';
import { spillFolder } from '../../../files/working-folder.ts';
import type { Destination } from '../../destination.ts';
import { warehouseDestination } from '../warehouse-destination.ts';
import { databricksLocation } from './databricks-location.ts';

/** A schema of a catalog of Databricks. The client is loaded when it is needed. */
export function databricks(
  { credentials, files_dir: folder, staging_volume_name: volume, volumes_root: root }: DestinationConfigs['databricks'],
  { pipeline, source }: PipelineConfig,
): Destination {
  const names = { dataset: pipeline.dataset_name, schemaName: source.name, pipelineName: pipeline.name };
  const place = { credentials, dataset: names.dataset, volume, root };
  const location = databricksLocation(credentials);
  const warehouse = () => import('./databricks-warehouse.ts');
  return warehouseDestination({
    ...{ location, clients: ['@databricks/sql'], pipeline, createIndexes: false },
    files: { folder, base: dirname(folder) },
    reach: async () => (await warehouse()).databricksWarehouse(place, names),
    connect:
      ({ signal }) =>
      async (loadId) =>
        (await warehouse()).loadingSession(place, { folder: spillFolder(pipeline.working_dir), signal, loadId }),
    examine: async () => (await import('./examine-databricks.ts')).examineDatabricks(place),
  });
}
