import { aligned } from '../text/aligned.ts';
import { count } from '../text/count.ts';
import { ago } from '../text/duration.ts';
import { plainText } from '../text/plain-text.ts';

/** Public as `state show --format json`: keys are only ever added; times are ISO 8601, UTC. */
export interface StateListing {
  readonly pipeline: string;
  readonly dataset: string;
  readonly destination: string;
  /** Of `_dlt_pipeline_state`, and the load that wrote it; null: nothing was loaded yet. */
  readonly version: number | null;
  readonly loadId: string | null;
  readonly changedAt: string | null;
  readonly ageSeconds: number | null;
  readonly resources: readonly ListedState[];
}

export interface ListedState {
  readonly resource: string;
  readonly isConfigured: boolean;
  readonly cursors: readonly ListedCursor[];
  /** Requests that were paid for before the resource was stopped: the next run does not ask for them. */
  readonly paidRequests: number;
}

export interface ListedCursor {
  readonly cursorPath: string;
  /** As records have the values, integers beyond 2^53 and long fractions as text; null: none. */
  readonly initialValue: string | number | null;
  readonly lastValue: string | number | null;
  /** Records that have the last value and are known. */
  readonly uniqueHashes: number;
  /** Since when the last value is the same, and the load that brought it; null where nothing is kept. */
  readonly changedAt: string | null;
  readonly ageSeconds: number | null;
  readonly loadId: string | null;
}

/** For people. */
export function stateText(state: StateListing): string {
  const { pipeline, dataset, destination, version, loadId, ageSeconds, resources } = state;
  const where = `pipeline ${plainText(pipeline)}, dataset ${plainText(dataset)} of ${plainText(destination)}`;
  if (version === null) return `No state: ${where} has loaded nothing yet.`;
  const when = ageSeconds === null ? '' : `, ${ago(ageSeconds * 1000)}`;
  return [
    `State of ${where}: version ${version}, of load ${loadId}${when}`,
    ...(resources.length === 0
      ? ['No resource keeps anything: none is incremental.']
      : ['', ...aligned(resources.flatMap(rows), ['left', 'left', 'left', 'left', 'left'])]),
  ].join('\n');
}

// --- internal ---

function rows({ resource, isConfigured, cursors, paidRequests }: ListedState): string[][] {
  const name = isConfigured ? resource : `${resource} (not in the configuration)`;
  return [
    ...cursors.map((cursor) => [name, ...cursorCells(cursor)]),
    ...(paidRequests === 0 ? [] : [[name, `${count(paidRequests, 'request')} paid for, not sent again`]]),
  ];
}

function cursorCells({
  cursorPath,
  initialValue,
  lastValue,
  uniqueHashes,
  ageSeconds,
  loadId,
}: ListedCursor): string[] {
  if (lastValue === null) return [cursorPath, `nothing kept: begins with ${initialValue ?? 'all there is'}`];
  return [
    cursorPath,
    JSON.stringify(lastValue),
    ageSeconds === null ? '' : `${ago(ageSeconds * 1000)}, load ${loadId}`,
    `${count(uniqueHashes, 'record')} with it known`,
  ];
}
