import { join } from 'node:path';
import type { DestinationConfigs } from '../../config/grammar/destination-schema.ts';
import type { PipelineConfig } from '../../config/pipeline-config.ts';
import { FileLayout } from './file-layout.ts';
import type { FilesPlace } from './files-place.ts';
import type { ObjectStore } from './object-store.ts';
import { bucketPlace } from './stores/bucket-place.ts';

type Settings = DestinationConfigs['filesystem'];

/** The folder of the pipeline's dataset. The library of a bucket is loaded when one is named. */
export async function openPlace(settings: Settings, pipeline: PipelineConfig['pipeline']): Promise<FilesPlace> {
  return {
    store: await storeOf(settings, pipeline.dataset_name),
    layout: new FileLayout(settings.layout),
    workingDir: pipeline.working_dir,
    manifest: settings.manifest,
    mostStates: settings.max_state_files,
  };
}

// --- internal ---

async function storeOf({ bucket_url: url, credentials: given }: Settings, dataset: string): Promise<ObjectStore> {
  const [, scheme] = /^([a-z0-9]+):\/\//i.exec(url) ?? [];
  if (scheme === undefined) return new (await import('./stores/local-store.ts')).LocalStore(join(url, dataset));
  const place = bucketPlace(url, dataset);
  switch (scheme.toLowerCase()) {
    case 's3':
      return (await import('./stores/s3-store.ts')).openS3(place, given);
    case 'gs':
    case 'gcs':
      return (await import('./stores/gcs-store.ts')).openGcs(place, given);
    default:
      return (await import('./stores/azure-store.ts')).openAzure(place, given);
  }
}
