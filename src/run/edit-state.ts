import type { PipelineConfig } from '../config/pipeline-config.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import type { Effects } from '../effects.ts';
import { PipelineError } from '../errors.ts';
import { type PipelineState, withSources } from '../load/pipeline-state.ts';
import type { RawJson } from '../load/staging/raw-json.ts';
import { isOwn } from './attached-package.ts';
import { forgetReplies } from './known-replies.ts';
import { nextLoadId } from './load-id.ts';
import { openRun, type Run } from './open-run.ts';
import { RunTrace } from './run-trace.ts';

export interface EditedState {
  /** null: it is as it was, and nothing was published. */
  readonly loadId: string | null;
  readonly version: number;
}

export interface StateEdit {
  /** Whose state it is: what their sources answered last does not count as known any more. */
  readonly resources: readonly string[];
  /** The member `sources` as it shall be. May throw. */
  readonly change: (sources: RawJson | undefined) => RawJson;
}

/**
 * Publishes another state, as a load without rows, while no run can begin.
 *
 * @throws PipelineError RunLocked: a run is going on; UsageInvalid: nothing was loaded yet, or a package waits that would bring the
 * old state back; what publishing throws
 */
export async function editState(
  config: PipelineConfig,
  { resources, change }: StateEdit,
  effects: Effects,
  signal: AbortSignal,
): Promise<EditedState> {
  const destination = destinationOf(config);
  const trace = new RunTrace(config, destination.location, effects);
  const run = await openRun(config, {}, effects, signal, trace, destination);
  try {
    await requireNoneWaits(run);
    const dataset = await run.destination.read();
    const { state } = dataset ?? {};
    if (state === undefined) throw nothingLoaded(config);
    const next = changed(state, change);
    if (next === undefined) return { loadId: null, version: state.version };
    const last = dataset?.lastLoadId;
    const taken = [...(last === undefined ? [] : [last]), ...(await run.packages.pending())];
    const loadId = nextLoadId(effects.now(), taken);
    const { states } = await run.destination.writeState(loadId, (now) => now && changed(now, change));
    forgetReplies(run, resources, states);
    return { loadId, version: next.version };
  } finally {
    await run.close();
  }
}

// --- internal ---

function changed(state: PipelineState, change: StateEdit['change']): PipelineState | undefined {
  return withSources(state, change(state.members.get('sources')));
}

/** What was extracted before the edit holds the cursors of then. */
async function requireNoneWaits(run: Run): Promise<void> {
  for (const loadId of await run.packages.pending()) {
    const label = run.packages.label(loadId);
    if (label !== undefined && !isOwn(run, label)) continue;
    throw new PipelineError({
      code: 'UsageInvalid',
      message: `Package ${loadId} waits to be loaded, and would bring back the state that it was extracted with.`,
      hint: `Let a run load it, or be rid of it, then try again: dezgo-elt run, or dezgo-elt packages drop ${loadId}`,
      facts: { loadId },
    });
  }
}

function nothingLoaded({ pipeline }: PipelineConfig): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `Pipeline ${pipeline.name} has loaded nothing into dataset ${pipeline.dataset_name} yet: there is no state to change.`,
    hint: 'Where the first run begins, `incremental.initial_value` says, or for one run: dezgo-elt run RESOURCE --from VALUE',
    facts: { pipeline: pipeline.name, dataset: pipeline.dataset_name },
  });
}
