import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { StateVersion } from '../destinations/destination.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { realEffects } from '../effects.ts';
import { cursorOfText } from '../incremental/cursor-value.ts';
import { type KeptCursorValue, type KeptResource, keptResources } from '../load/edited-state.ts';
import { parseState } from '../load/pipeline-state.ts';
import type { ListedCursor, ListedState, StateListing } from '../report/state-text.ts';

/** The value of a JSON text, without the mark that dlt sets before some. */
export function plainCursor(text: string | null): string | number | null {
  const value = cursorOfText(text) ?? null;
  return typeof value === 'number' || value === null ? value : String(value);
}

/** What is kept of each resource, and of those of which nothing is kept yet where they begin. */
export async function stateListing(config: PipelineConfig): Promise<StateListing> {
  const { pipeline, source } = config;
  const destination = destinationOf(config);
  const versions = await destination.states();
  const [newest] = versions;
  const kept = keptIn(newest, source.name);
  const since = sinceWhen(versions, source.name);
  const others = source.resources.filter(({ name }) => !kept.some(({ resource }) => resource === name));
  return {
    pipeline: pipeline.name,
    dataset: pipeline.dataset_name,
    destination: destination.location,
    version: newest?.version ?? null,
    loadId: newest?.loadId ?? null,
    changedAt: newest?.createdAt ?? null,
    ageSeconds: newest === undefined ? null : age(newest.createdAt),
    resources: [
      ...kept.map(({ resource, cursors, bought }) => ({
        resource,
        isConfigured: source.resources.some(({ name }) => name === resource),
        cursors: cursors.map((cursor) => listedCursor(cursor, since(resource, cursor))),
        paidRequests: bought,
      })),
      ...others.flatMap(({ name, endpoint }) => notKept(name, endpoint?.incremental)),
    ],
  };
}

// --- internal ---

function keptIn(version: StateVersion | undefined, source: string): readonly KeptResource[] {
  return version === undefined ? [] : keptResources(parseState(version.stored).members.get('sources'), source);
}

/** The oldest of the versions, counted from the newest, in which a cursor had the value that it has. Each is parsed once, if at all. */
function sinceWhen(versions: readonly StateVersion[], source: string) {
  const parsed = new Map<StateVersion, readonly KeptResource[]>();
  const keptOf = (version: StateVersion) => {
    const kept = parsed.get(version) ?? keptIn(version, source);
    parsed.set(version, kept);
    return kept;
  };
  return (resource: string, { cursorPath, lastValue }: KeptCursorValue): StateVersion | undefined => {
    let since: StateVersion | undefined;
    for (const version of versions) {
      const cursors = keptOf(version).find((one) => one.resource === resource)?.cursors ?? [];
      if (cursors.find((one) => one.cursorPath === cursorPath)?.lastValue !== lastValue) break;
      since = version;
    }
    return since;
  };
}

function listedCursor(cursor: KeptCursorValue, since: StateVersion | undefined): ListedCursor {
  return {
    cursorPath: cursor.cursorPath,
    initialValue: plainCursor(cursor.initialValue),
    lastValue: plainCursor(cursor.lastValue),
    uniqueHashes: cursor.hashes,
    changedAt: since?.createdAt ?? null,
    ageSeconds: since === undefined ? null : age(since.createdAt),
    loadId: since?.loadId ?? null,
  };
}

function notKept(
  resource: string,
  incremental: { cursor_path: string; initial_value?: string | number | null | undefined } | undefined,
): ListedState[] {
  if (incremental === undefined) return [];
  const { cursor_path: cursorPath, initial_value } = incremental;
  const initialValue = initial_value ?? null;
  const nothing = { lastValue: null, uniqueHashes: 0, changedAt: null, ageSeconds: null, loadId: null };
  return [{ resource, isConfigured: true, cursors: [{ cursorPath, initialValue, ...nothing }], paidRequests: 0 }];
}

function age(time: string): number {
  return Math.max(0, Math.round((realEffects.now() - Date.parse(time)) / 1000));
}
