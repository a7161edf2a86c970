import type { Snapshot } from '../load/snapshot.ts';
import { aligned } from '../text/aligned.ts';
import { bytesText } from '../text/bytes.ts';
import { count } from '../text/count.ts';

/** A line each, the one that was taken last first. */
export function snapshotsText(snapshots: readonly Snapshot[]): string {
  if (snapshots.length === 0)
    return 'No snapshots. `pipeline.publish.snapshots: { keep: 7 }` keeps the files that loads replace.';
  const rows = snapshots.map(({ id, loadedAt, takenAt, replacedBy, rows: amount, bytes }) => [
    id,
    loadedAt === null ? '' : `loaded ${loadedAt}`,
    `replaced ${takenAt} by ${replacedBy}`,
    count(amount, 'row'),
    bytesText(bytes),
  ]);
  return [
    'Snapshots (`dezgo-elt rollback ID` puts one back, `dezgo-elt diff ID live` tells what changed since):',
    ...aligned(rows, ['left', 'left', 'left', 'right', 'right']),
  ].join('\n');
}
