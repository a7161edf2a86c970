import { isAbsolute } from 'node:path';
import { realFilePath } from '../../../duckdb/held-files.ts';
import type { DatasetNames } from '../../../load/stored-dataset.ts';
import type { Snapshots } from '../../kept-snapshots.ts';
import { diffFiles } from './diff-files.ts';
import { type RollbackPlace, rollBack } from './roll-back.ts';
import { pruneSnapshots } from './snapshot-draft.ts';
import { snapshotMissing } from './snapshot-errors.ts';
import { SnapshotFolder } from './snapshot-folder.ts';

/** Of one dataset of a live file. */
export function snapshotsOfFile(place: RollbackPlace, names: DatasetNames): Snapshots {
  const { dataset_name: dataset } = place.pipeline;
  const live = realFilePath(place.path);
  const folder = new SnapshotFolder(live);
  const list = async () => (await folder.list()).filter((snapshot) => snapshot.dataset === dataset);
  const fileOf = async (state: string) => {
    if (state === 'live') return live;
    if (isAbsolute(state)) return state;
    const own = await list();
    const found = own.find(({ id }) => id === state);
    if (found === undefined) throw snapshotMissing(state, own, folder.path);
    return found.file;
  };
  return {
    list,
    prune: (keep) => pruneSnapshots(folder, dataset, keep),
    diff: async (before, after, what) =>
      diffFiles({ ...what, before: await fileOf(before), after: await fileOf(after), names }),
    rollBack: (run, what) => rollBack(place, run, what),
  };
}
