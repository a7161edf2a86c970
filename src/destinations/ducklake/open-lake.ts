import type { PipelineConfig } from '../../config/pipeline-config.ts';
import type { DatasetNames } from '../../load/stored-dataset.ts';
import { OpenAttachedFile } from '../attached/open-attached-file.ts';
import type { OpenDestination } from '../destination.ts';
import type { DestinationRun } from '../destination-run.ts';
import { lakeFile, prepareLake } from './attach-lake.ts';
import { type LakeSettings, lakeKind } from './lake-kind.ts';
import { lakeStorage } from './lake-storage.ts';
import { OpenSharedLake } from './open-shared-lake.ts';

/** The lake for a run; that its extensions are there is known before anything is asked of the source. */
export async function openLake(
  settings: LakeSettings,
  pipeline: PipelineConfig['pipeline'],
  names: DatasetNames,
  run: DestinationRun,
): Promise<OpenDestination> {
  const { catalog } = settings;
  await prepareLake(run.database, settings);
  if (catalog.type !== 'duckdb') return new OpenSharedLake(settings, pipeline, names, run);
  const file = {
    ...{ path: catalog.path, pipeline, names, kind: lakeKind },
    catalogue: lakeFile(settings),
    dataPath: lakeStorage(settings).path,
  };
  return new OpenAttachedFile(file, run);
}
