import { dirname } from 'node:path';
import type { DestinationConfigs } from '../../../config/grammar/destination-schema.ts';
import type { PipelineConfig } from '../../../config/pipeline-config.ts';
import { spillFolder } from '../../../files/working-folder.ts';
import type { Destination } from '../../destination.ts';
import { warehouseDestination } from '../warehouse-destination.ts';
import { postgresLocation } from '../wire/postgres-location.ts';
import { postgresSettings } from './postgres-settings.ts';

/** A schema of a PostgreSQL server. The client is loaded when it is needed. */
export function postgres(
  { credentials, create_indexes: createIndexes, files_dir: folder }: DestinationConfigs['postgres'],
  { pipeline, source }: PipelineConfig,
): Destination {
  const names = { dataset: pipeline.dataset_name, schemaName: source.name, pipelineName: pipeline.name };
  const location = postgresLocation(credentials);
  const { dataset } = names;
  const place = { location, credentials, dataset, settings: postgresSettings(dataset) };
  const session = () => import('./postgres-session.ts');
  return warehouseDestination({
    ...{ location, pipeline, createIndexes },
    clients: ['pg', 'pg-copy-streams'],
    files: { folder, base: dirname(folder) },
    reach: async () => (await session()).postgresWarehouse(place, names),
    connect:
      ({ signal }) =>
      async () =>
        (await session()).loadingSession(place, spillFolder(pipeline.working_dir), signal),
    examine: async () => (await import('./examine-postgres.ts')).examinePostgres(place),
  });
}
