import { keptBought } from './bought-state.ts';
import { membersOf } from './incremental-state.ts';
import { type RawJson, rawText } from './staging/raw-json.ts';

/** What is kept of one resource between runs. Values are JSON texts. */
export interface KeptResource {
  readonly resource: string;
  readonly cursors: readonly KeptCursorValue[];
  /** Requests that were paid for before the resource was stopped. */
  readonly bought: number;
}

export interface KeptCursorValue {
  readonly cursorPath: string;
  readonly initialValue: string | null;
  readonly lastValue: string | null;
  /** Of the records that have the last value. */
  readonly hashes: number;
}

/** Of the resources of one source, those of which something is kept; `sources`: that member of the state. */
export function keptResources(sources: RawJson | undefined, source: string): KeptResource[] {
  const resources = membersOf(membersOf(membersOf(sources).get(source)).get('resources'));
  const kept = [...resources].map(([resource, members]) => ({
    resource,
    cursors: [...membersOf(membersOf(members).get('incremental'))].map(([path, entry]) => cursorOf(path, entry)),
    bought: keptBought(sources, source, resource).length,
  }));
  return kept.filter(({ cursors, bought }) => cursors.length > 0 || bought > 0);
}

/** The member `sources` with another last value of one cursor, of which no record counts as known. */
export function withLastValue(
  sources: RawJson | undefined,
  { source, resource, cursorPath }: { readonly source: string; readonly resource: string; readonly cursorPath: string },
  { initial, last }: { readonly initial: string | null; readonly last: string },
): RawJson {
  return withResource(sources, source, resource, (members) => {
    const cursors = membersOf(members.get('incremental'));
    const before = membersOf(cursors.get(cursorPath));
    const entry = new Map(before)
      .set('initial_value', before.get('initial_value') ?? initial ?? 'null')
      .set('last_value', last)
      .set('unique_hashes', [])
      .set('start_value', last);
    return new Map(members).set('incremental', new Map(cursors).set(cursorPath, entry));
  });
}

/** The same without what was kept of a resource; whatever else dlt keeps of it stays. */
export function withoutKept(sources: RawJson | undefined, source: string, resource: string): RawJson {
  return withResource(sources, source, resource, (members) => {
    const left = new Map(members);
    for (const name of ['incremental', 'bought']) left.delete(name);
    return left.size === 0 ? undefined : left;
  });
}

// --- internal ---

type Members = ReadonlyMap<string, RawJson>;

function withResource(
  sources: RawJson | undefined,
  source: string,
  resource: string,
  change: (members: Members) => Members | undefined,
): RawJson {
  const ofSource = membersOf(membersOf(sources).get(source));
  const ofResources = membersOf(ofSource.get('resources'));
  const changed = change(membersOf(ofResources.get(resource)));
  const resources = new Map(ofResources);
  if (changed === undefined) resources.delete(resource);
  else resources.set(resource, changed);
  return new Map(membersOf(sources)).set(source, new Map(ofSource).set('resources', resources));
}

function cursorOf(cursorPath: string, json: RawJson): KeptCursorValue {
  const entry = membersOf(json);
  const hashes = entry.get('unique_hashes');
  return {
    cursorPath,
    initialValue: valueIn(entry.get('initial_value')),
    lastValue: valueIn(entry.get('last_value')),
    hashes: Array.isArray(hashes) ? hashes.length : 0,
  };
}

function valueIn(json: RawJson | undefined): string | null {
  return json === undefined || json === 'null' ? null : rawText(json);
}
