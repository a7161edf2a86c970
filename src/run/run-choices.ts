import type { IfLocked } from './if-locked.ts';
import type { RunScope } from './run-scope.ts';

/** What of a run is not in its configuration. */
export interface RunChoices extends RunScope {
  /** However many rows `delete_missing` takes away. Default: what `max_delete` says */
  readonly allowDelete?: boolean | undefined;
  /**
   * Load id of an archived run (`pipeline.archive`): its requests are answered by the replies that it got, and nothing is asked of
   * the source. The resources and their range are those of that run.
   */
  readonly replay?: string | undefined;
  /** Names of resources that are not loaded; a parent among them is still read where a child needs it. */
  readonly exclude?: readonly string[] | undefined;
  /** How long this run may take, as `pipeline.timeout` has it: `90s`, or seconds. Default: that */
  readonly timeout?: string | number | undefined;
  /** A file that gets the summary of the run, as `runs.jsonl` has it; also of one that fails. */
  readonly summaryFile?: string | undefined;
  /** While another run holds the lock: `wait=30s` waits so long for it; after `skip` nothing tells of this run. Default: `fail` */
  readonly ifLocked?: IfLocked | undefined;
}
