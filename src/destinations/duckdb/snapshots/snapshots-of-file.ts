import { realFilePath } from '../../../duckdb/held-files.ts';
import type { Snapshots } from '../../kept-snapshots.ts';
import { type RollbackPlace, rollBack } from './roll-back.ts';
import { pruneSnapshots } from './snapshot-draft.ts';
import { SnapshotFolder } from './snapshot-folder.ts';

/** Of one dataset of a live file. */
export function snapshotsOfFile(place: RollbackPlace): Snapshots {
  const { dataset_name: dataset } = place.pipeline;
  const folder = new SnapshotFolder(realFilePath(place.path));
  return {
    list: async () => (await folder.list()).filter((snapshot) => snapshot.dataset === dataset),
    prune: (keep) => pruneSnapshots(folder, dataset, keep),
    rollBack: (run, what) => rollBack(place, run, what),
  };
}
