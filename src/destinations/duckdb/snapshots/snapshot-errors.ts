import { PipelineError } from '../../../errors.ts';
import type { Snapshot } from '../../../load/snapshot.ts';
import { shortened } from '../../../text/count.ts';
import { didYouMean } from '../../../text/nearest.ts';

export function snapshotMissing(id: string | undefined, there: readonly Snapshot[], folder: string): PipelineError {
  const ids = there.map((one) => one.id);
  return new PipelineError({
    code: 'SnapshotMissing',
    message:
      id === undefined
        ? `There is no snapshot in ${folder}.`
        : `There is no snapshot \`${id}\` in ${folder}${didYouMean(id, ids) || '.'}`,
    hint:
      ids.length === 0
        ? '`pipeline.publish.snapshots: { keep: 7 }` keeps the files that loads replace from now on.'
        : `These are there: ${shortened(ids)}. They are told by: dezgo-elt snapshots list`,
    facts: { snapshot: id ?? null, snapshots: ids, path: folder },
  });
}

export function damagedSnapshot({ id, file }: Snapshot, cause?: unknown): PipelineError {
  return new PipelineError({
    code: 'SnapshotDamaged',
    message: `The snapshot ${id} is not what it was when it was taken: ${file} is damaged, or somebody wrote to it. Nothing was changed.`,
    hint: 'Take another one: dezgo-elt snapshots list',
    facts: { snapshot: id, path: file },
    cause,
  });
}

/** A file is put back as a whole. */
export function othersWouldChange(schemas: readonly string[], { id }: Snapshot): PipelineError {
  const names = schemas.map((name) => `\`${name}\``).join(', ');
  return new PipelineError({
    code: 'UsageInvalid',
    message: `The snapshot ${id} would take back more than this dataset: ${names} changed in the file since. Nothing was changed.`,
    hint: 'To take all of the file back: dezgo-elt rollback --whole-file',
    facts: { snapshot: id, datasets: schemas },
  });
}

/** A live file that cannot be read is what somebody may want to go back from. */
export function unreadableLive(thrown: unknown, live: string): unknown {
  if (!(thrown instanceof PipelineError) || thrown.code !== 'DestinationUnreadable') return thrown;
  const { code, message, facts, cause } = thrown;
  const hint = `Move ${live} and its logs away, then roll back again: the snapshot takes the place that is empty then.`;
  return new PipelineError({ code, message, hint, facts, cause });
}
