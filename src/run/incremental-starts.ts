import { cursorOfText } from '../incremental/cursor-value.ts';
import { valueLike } from '../incremental/given-cursor.ts';
import { type IncrementalStart, settledStart } from '../incremental/incremental-start.ts';
import { keptCursor } from '../load/incremental-state.ts';
import type { PipelineState } from '../load/pipeline-state.ts';
import { configuredStrategy, isEmptying } from '../schema/strategies.ts';
import type { Run } from './open-run.ts';
import { isRefreshed, type RunScope, rangeText } from './run-scope.ts';
import type { RunResource } from './select-resources.ts';

/**
 * What each incremental resource begins with, by name: settled before anything is asked for. `now`: of the package, milliseconds
 * since 1970.
 *
 * @throws PipelineError a range that cannot be: UsageInvalid; values that cannot be compared: CursorUnusable
 */
export function incrementalStarts(
  { config, scope }: Pick<Run, 'config' | 'scope'>,
  resources: readonly RunResource[],
  state: PipelineState | undefined,
  now: number,
): ReadonlyMap<string, IncrementalStart> {
  const sources = state?.members.get('sources');
  const starts = new Map<string, IncrementalStart>();
  for (const { name, endpoint, write_disposition, isOnlyRead } of resources) {
    const incremental = endpoint?.incremental;
    if (incremental === undefined) continue;
    const own = isOnlyRead === true ? scopeOfParent(scope) : scope;
    const stored = keptCursor(sources, config.source.name, name, incremental.cursor_path);
    const strategy = configuredStrategy(write_disposition);
    const sample = incremental.initial_value ?? cursorOfText(stored?.last_value);
    const start = settledStart(incremental, {
      stored,
      now,
      from: valueLike(own.from, sample),
      to: valueLike(own.to, sample),
      isReset: isRefreshed(own, name) || isEmptying(strategy),
    });
    // What nobody loads is not known the next time.
    starts.set(name, strategy === undefined ? { ...start, isStateless: true } : start);
  }
  return starts;
}

// --- internal ---

/** A range, or a refresh, of children needs all that their parents have. */
function scopeOfParent(scope: RunScope): RunScope {
  return { fullRefresh: rangeText(scope) !== '' };
}
