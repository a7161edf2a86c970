import { archivedLoads, readArchivedRun, removeArchived } from '../archive/archived-run.ts';
import type { PaidReplies } from '../archive/paid-replies.ts';
import { ReplayedReplies } from '../archive/replayed-replies.ts';
import type { ReplyKeeping } from '../archive/reply-keeping.ts';
import { ReplyLog } from '../archive/reply-log.ts';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { Effects } from '../effects.ts';
import type { ChainSeeds } from '../extract/chain-seeds.ts';
import type { ExtractOutcome } from '../extract/page.ts';
import type { IncrementalStart } from '../incremental/incremental-start.ts';
import { hurried } from './hurried-effects.ts';
import type { RunScope } from './run-scope.ts';
import type { RunTrace } from './run-trace.ts';

type Starts = ReadonlyMap<string, IncrementalStart>;

/** Where the replies of a run come from, and what is kept of them. */
export interface RunReplies {
  readonly keeping: ReplyKeeping;
  /** For whoever asks: in a replay nobody waits for time to pass. */
  readonly effects: Effects;
  /** Nothing is asked of the source, and nothing is known of it that was not known before. */
  readonly isReplay: boolean;
  /** A load begins: `resources` are loaded. */
  begin(loadId: string, resources: readonly string[], starts: Starts): Promise<void>;
  /** What incremental resources begin with, where they would begin with `own`. */
  starts(own: Starts): Starts;
  /** The values of a resource, where it would ask for those of `resolve`. */
  values(resource: string, resolve: () => Promise<ChainSeeds>): Promise<ChainSeeds>;
  /** How a resource ended, for the package. */
  settled(resource: string, outcome: ExtractOutcome): ExtractOutcome;
  /** Nothing more comes. Throws DestinationFailed where what is too old cannot be removed. */
  end(): Promise<void>;
}

export interface RepliesParts {
  readonly config: PipelineConfig;
  readonly scope: RunScope;
  readonly paid: PaidReplies;
  /** The folder of files that were downloaded. */
  readonly files: string;
  readonly effects: Effects;
  readonly trace: RunTrace;
}

/** From the source; all of them are kept where `pipeline.archive` says so. */
export function liveReplies({ config: { pipeline }, scope, paid, effects, trace }: RepliesParts): RunReplies {
  const { name, working_dir: workingDir, archive } = pipeline;
  const common = {
    effects,
    isReplay: false,
    starts: (own: Starts) => own,
    settled: (_: string, outcome: ExtractOutcome) => outcome,
  };
  if (archive === undefined) {
    return { ...common, keeping: paid, begin: async () => {}, values: (_, resolve) => resolve(), end: async () => {} };
  }
  const log = new ReplyLog({ workingDir, pipeline: name, now: effects.now });
  return {
    ...common,
    keeping: {
      over: (send, asker) => log.over(paid.over(send, asker), asker),
      hasAnswerTo: (request, asker) => paid.hasAnswerTo(request, asker),
    },
    begin: async (loadId, resources, starts) => {
      const { from, to, fullRefresh } = scope;
      await log.begin(loadId, { resources, from, to, fullRefresh, starts: Object.fromEntries(starts) });
    },
    values: async (resource, resolve) => {
      const values = await resolve();
      log.keepValues(resource, values);
      return values;
    },
    settled: (resource, outcome) => {
      if (outcome.status === 'unchanged') log.leaveOut(resource);
      return outcome;
    },
    end: async () => {
      const why = await log.end();
      if (why !== undefined) trace.warn(`The archive of this run is not whole, it cannot be replayed: ${why}.`);
      if (trace.hasFailed || why !== undefined) return;
      const isOld = (loadId: string) => Number(loadId) * 1000 < effects.now() - archive.keep;
      await removeArchived(workingDir, (await archivedLoads(workingDir, name)).filter(isOld));
    },
  };
}

/** Those of an archived run. Throws DestinationUnreadable. */
export async function replayedReplies(
  { config, files, paid, effects, trace }: RepliesParts,
  loadId: string,
): Promise<RunReplies> {
  const { working_dir } = config.pipeline;
  const { starts = {}, recording } = readArchivedRun(working_dir, loadId) ?? {};
  const replayed = await ReplayedReplies.open({ workingDir: working_dir, loadId, files, recording });
  trace.note(`Replays load ${loadId}: nothing is asked of the source.`);
  return {
    keeping: replayed,
    effects: hurried(effects),
    isReplay: true,
    begin: async () => {},
    starts: (own) => new Map([...own, ...Object.entries(starts)]),
    values: async (resource, resolve) => {
      const values = replayed.valuesOf(resource);
      return isSeeds(values) ? values : resolve();
    },
    // What an older run saw says nothing of what there is now.
    settled: (_, outcome) => ({
      ...outcome,
      reached: undefined,
      reply: undefined,
      isWhole: false,
      partOf: 'a replay takes nothing away',
    }),
    end: async () => {
      await replayed.close();
      // What was paid for in that run is loaded now.
      const own = paid.waiting.filter(({ name }) => name.startsWith(`${loadId}/`));
      if (!trace.hasFailed) await paid.remove(own.map(({ name }) => name));
    },
  };
}

// --- internal ---

function isSeeds(values: unknown): values is ChainSeeds {
  return typeof values === 'object' && values !== null && 'seeds' in values && Array.isArray(values.seeds);
}
