import type { PipelineConfig, ResolvedResource } from '../config/pipeline-config.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { runsFromEnd } from '../ledger/runs-file.ts';
import type { DatasetSummary } from '../load/dataset-summary.ts';
import type { RunSummary } from '../report/run-summary-schema.ts';
import { configuredStrategy } from '../schema/strategies.ts';
import { unchangedSince } from './known-replies.ts';

/** When a resource was last loaded, and when its source last had nothing new. */
export interface LastGoodLoad {
  readonly name: string;
  readonly selected: boolean;
  /** Of the load that its newest rows came with; null where that is not known. */
  readonly loadId: string | null;
  /** ISO 8601, as all times; null: never. */
  readonly loadedAt: string | null;
  /** That this load wrote to the table of the resource; null where that is not known. */
  readonly rows: number | null;
  /** The latest of: loaded; found unchanged; nothing there to be asked for. Null: never. */
  readonly checkedAt: string | null;
}

/**
 * Of each resource that is loaded at all, in the order of the configuration: from `runs.jsonl`, from when its table was written and when its
 * reply was last the same. Loads that the destination does not hold any more do not count.
 *
 * @param summary of the destination; undefined where it holds nothing; null where it cannot be read just now: then the runs alone tell
 */
export async function lastGoodLoads(
  config: PipelineConfig,
  summary: DatasetSummary | undefined | null,
): Promise<LastGoodLoad[]> {
  const resources = config.source.resources.filter(
    ({ write_disposition }) => configuredStrategy(write_disposition) !== undefined,
  );
  if (summary === undefined) return resources.map(({ name, selected }) => ({ name, selected, ...never }));
  const traces = new Map(resources.map((resource) => [resource.name, new Trail(resource)]));
  const newest = summary?.loads[0]?.loadId;
  const location = destinationOf(config).location;
  for await (const run of runsFromEnd(config.pipeline.working_dir)) {
    if (!isOf(run, config, location) || !(run.published || run.outcome === 'succeeded')) continue;
    const isHeld = summary === null || (run.loadId !== null && newest !== undefined && run.loadId <= newest);
    for (const trail of traces.values()) trail.add(run, isHeld);
    if ([...traces.values()].every(({ isOver }) => isOver)) break;
  }
  const unchanged = unchangedSince({ config, location });
  return resources.map(({ name, selected, table_name }) => {
    const table = summary?.tables.find((one) => one.name === table_name)?.loadedAt ?? null;
    const own = table === null && summary !== null ? undefined : unchanged.get(name);
    return { name, selected, ...(traces.get(name)?.end(table, own) ?? never) };
  });
}

// --- internal ---

const never = { loadId: null, loadedAt: null, rows: null, checkedAt: null };

function isOf({ pipeline, dataset, destination }: RunSummary, config: PipelineConfig, location: string): boolean {
  return pipeline === config.pipeline.name && dataset === config.pipeline.dataset_name && destination === location;
}

/** What the runs say of one resource, the newest first. */
class Trail {
  readonly #resource: ResolvedResource;
  #load: { readonly loadId: string; readonly loadedAt: string; readonly rows: number } | undefined;
  #checkedAt: string | null = null;

  constructor(resource: ResolvedResource) {
    this.#resource = resource;
  }

  get isOver(): boolean {
    return this.#load !== undefined;
  }

  add({ resources, packages, tables, loadId, finishedAt }: RunSummary, isHeld: boolean): void {
    const { name, table_name } = this.#resource;
    const status = resources.find((one) => one.name === name)?.status;
    if (this.isOver || status === undefined || status === 'failed' || status === 'not_executed') return;
    if (status !== 'extracted') {
      this.#checkedAt ??= finishedAt;
      return;
    }
    const isLoaded = packages.some((one) => one.loadId === loadId && /^(loaded|unchanged)$/.test(one.state));
    if (loadId === null || !isLoaded) return;
    if (!isHeld) {
      this.#checkedAt = null; // what was found unchanged since then is gone with it
      return;
    }
    const { rowsInserted = 0, rowsUpdated = 0 } = tables.find((one) => one.name === table_name) ?? {};
    this.#load = { loadId, loadedAt: finishedAt, rows: rowsInserted + rowsUpdated };
  }

  /** `written`: its table, as the destination says; `unchanged`: its reply, milliseconds since 1970. */
  end(written: string | null, unchanged: number | undefined): Omit<LastGoodLoad, 'name' | 'selected'> {
    const load = this.#load ?? { ...never, loadedAt: written };
    const known = unchanged === undefined ? [] : [new Date(unchanged).toISOString()];
    const times = [load.loadedAt, this.#checkedAt, ...known].filter((time) => time !== null);
    const { loadId, loadedAt, rows } = load;
    return { loadId, loadedAt, rows, checkedAt: times.toSorted().at(-1) ?? null };
  }
}
