import type { Snapshot } from '../load/snapshot.ts';
import type { DatasetDifference } from '../load/table-difference.ts';
import type { DestinationRun } from './destination-run.ts';

/** What a destination keeps of what was. */
export interface Snapshots {
  /** Of this dataset, the one that was taken last first. */
  list(): Promise<Snapshot[]>;
  /** Removes all but the `keep` that were taken last, and answers them. */
  prune(keep: number): Promise<Snapshot[]>;
  /**
   * What differs between two states of the dataset, each `live`, the id of a snapshot, or the absolute path of a DuckDB file.
   *
   * @throws PipelineError SnapshotMissing; UsageInvalid: one file twice, no such table
   */
  diff(before: string, after: string, what: Diff): Promise<DatasetDifference>;
  /**
   * Puts one in the place of the live file, which becomes a snapshot.
   *
   * @throws PipelineError SnapshotMissing, SnapshotDamaged: nothing was changed; what publishing throws
   */
  rollBack(run: DestinationRun, what: Rollback): Promise<RolledBack>;
}

interface Diff {
  /** Only this one. */
  readonly table?: string | undefined;
  /** Rows of each kind that are shown. */
  readonly limit: number;
}

export interface Rollback {
  /** Of a snapshot. Default: the one that was taken last. */
  readonly id?: string | undefined;
  /** Greater than every load id that was ever used. */
  readonly rollbackId: (known: readonly string[]) => string;
  /** Take other datasets of the file back as well. */
  readonly wholeFile?: boolean | undefined;
}

export interface RolledBack {
  readonly rollbackId: string;
  /** Null where nothing could be read of it, or nothing was there. */
  readonly from: string | null;
  readonly to: Snapshot;
  /** What the live file was before; undefined where there was none. */
  readonly kept: Snapshot | undefined;
}
