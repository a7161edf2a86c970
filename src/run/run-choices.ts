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
}
