import { dirname } from 'node:path';
import type { DestinationConfigs } from '../../../config/grammar/destination-schema.ts';
import type { PipelineConfig } from '../../../config/pipeline-config.ts';
import { spillFolder } from '../../../files/working-folder.ts';
import type { Destination } from '../../destination.ts';
import { warehouseDestination } from '../warehouse-destination.ts';
import { bigqueryLocation } from './bigquery-location.ts';

/** A dataset of a project of Google's. The client is loaded when it is needed. */
export function bigquery(
  { credentials, location: region, api_endpoint: endpoint, files_dir: folder }: DestinationConfigs['bigquery'],
  { pipeline, source }: PipelineConfig,
): Destination {
  const names = { dataset: pipeline.dataset_name, schemaName: source.name, pipelineName: pipeline.name };
  const place = { credentials, region, endpoint, dataset: names.dataset };
  const session = () => import('./bigquery-warehouse.ts');
  return warehouseDestination({
    ...{ location: bigqueryLocation(credentials), pipeline, createIndexes: false },
    clients: ['@google-cloud/bigquery'],
    files: { folder, base: dirname(folder) },
    reach: async () => (await session()).bigqueryWarehouse(place, names),
    connect:
      (run) =>
      async (loadId = '') => {
        const ours = { folder: spillFolder(pipeline.working_dir), pipeline: pipeline.name, loadId };
        return (await session()).loadingSession(place, ours, run);
      },
    examine: async () => (await import('./examine-bigquery.ts')).examineBigquery(place),
  });
}
