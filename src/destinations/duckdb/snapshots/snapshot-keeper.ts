import type { PipelineConfig } from '../../../config/pipeline-config.ts';
import { realFilePath } from '../../../duckdb/held-files.ts';
import type { LoadKeeper } from '../../attached/open-attached-file.ts';
import type { DestinationRun } from '../../destination-run.ts';
import { describeDataset } from './describe-dataset.ts';
import { SnapshotDraft } from './snapshot-draft.ts';

/** Keeps the live file as a snapshot when a load replaces it. */
export function snapshotKeeper(
  path: string,
  { publish, name, dataset_name: dataset }: PipelineConfig['pipeline'],
  keep: number,
  { database, effects, findings }: DestinationRun,
  replacedBy: string,
): LoadKeeper {
  const draft = new SnapshotDraft({
    live: realFilePath(path),
    ...{ replacedBy, pipeline: name, dataset, keep },
    isWritten: publish.on_writer === 'swap',
    now: effects.now,
    findings,
  });
  return {
    look: async (catalog) => {
      const connection = await database.connect();
      try {
        draft.describe(await describeDataset(connection, catalog, dataset));
      } finally {
        connection.close();
      }
    },
    forget: () => draft.describe(undefined),
    prepare: (workingCopy, isOfLive) => draft.prepare(workingCopy, isOfLive),
    copyLive: () => draft.copyLive(),
    hold: () => draft.hold(),
    keep: () => draft.keep(),
    end: () => draft.end(),
  };
}
