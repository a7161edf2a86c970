import { dirname } from 'node:path';
import type { DestinationConfigs } from '../../../config/grammar/destination-schema.ts';
import type { PipelineConfig } from '../../../config/pipeline-config.ts';
import { spillFolder } from '../../../files/working-folder.ts';
import type { Destination } from '../../destination.ts';
import { warehouseDestination } from '../warehouse-destination.ts';
import { postgresLocation } from '../wire/postgres-location.ts';
import { redshiftSettings } from './redshift-settings.ts';

/** A schema of Amazon Redshift. The clients are loaded when they are needed. */
export function redshift(
  { credentials, staging, staging_iam_role: role, files_dir: files }: DestinationConfigs['redshift'],
  { pipeline, source }: PipelineConfig,
): Destination {
  const names = { dataset: pipeline.dataset_name, schemaName: source.name, pipelineName: pipeline.name };
  const location = postgresLocation(credentials, 'redshift');
  const { dataset } = names;
  const place = { location, credentials, dataset, settings: redshiftSettings(dataset) };
  const { wait } = pipeline.publish;
  const folder = spillFolder(pipeline.working_dir);
  const session = () => import('./redshift-session.ts');
  return warehouseDestination({
    ...{ location, pipeline, createIndexes: false },
    clients: ['pg', '@aws-sdk/client-s3', '@aws-sdk/lib-storage'],
    files: { folder: files, base: dirname(files) },
    reach: async () => (await session()).redshiftWarehouse(place, names),
    connect:
      ({ signal }) =>
      async (loadId = '') =>
        (await session()).redshiftLoading({ place, folder, staging, role, wait, loadId }, signal),
    examine: async () => (await import('./examine-redshift.ts')).examineRedshift(place, staging),
  });
}
