import type { PackageResource } from '../package/layout.ts';
import { type RawJson, rawText } from './staging/raw-json.ts';

type Members = ReadonlyMap<string, RawJson>;

/** What dlt keeps of a cursor, at `sources.<source>.resources.<resource>.incremental.<cursor_path>`; values as JSON texts. */
interface KeptCursor {
  readonly initial_value: string | null;
  readonly last_value: string | null;
  readonly unique_hashes: readonly string[];
}

/** Undefined where nothing was kept. `sources`: that member of the state. */
export function keptCursor(
  sources: RawJson | undefined,
  source: string,
  resource: string,
  cursorPath: string,
): KeptCursor | undefined {
  const path = [source, 'resources', resource, 'incremental', cursorPath];
  const entry = path.reduce<RawJson | undefined>((place, name) => membersOf(place).get(name), sources);
  if (!(entry instanceof Map)) return undefined;
  const hashes = entry.get('unique_hashes');
  return {
    initial_value: scalarOf(entry.get('initial_value')),
    last_value: scalarOf(entry.get('last_value')),
    unique_hashes: Array.isArray(hashes) ? hashes.map((hash) => String(JSON.parse(rawText(hash)))) : [],
  };
}

/** The member `sources` after resources were loaded; what else dlt keeps there stays as it is. */
export function withCursors(
  sources: RawJson | undefined,
  source: string,
  resources: readonly PackageResource[],
): RawJson | undefined {
  return resources.reduce((before, document) => withCursor(before, source, document), sources);
}

const NOTHING: Members = new Map();

/** None of what is no object. */
export function membersOf(json: RawJson | undefined): Members {
  return json instanceof Map ? json : NOTHING;
}

// --- internal ---

function withCursor(
  sources: RawJson | undefined,
  source: string,
  { resource, incremental, reached }: PackageResource,
): RawJson | undefined {
  if (incremental === undefined || reached === undefined || incremental.isStateless) return sources;
  const { cursor_path, isReset, initial_value, last_value: start } = incremental;
  const ofSource = membersOf(membersOf(sources).get(source));
  const ofResources = membersOf(ofSource.get('resources'));
  const ofResource = isReset ? NOTHING : membersOf(ofResources.get(resource));
  const cursors = membersOf(ofResource.get('incremental'));
  const before = membersOf(cursors.get(cursor_path));
  const { last_value, unique_hashes } = reached;
  const hashes = unique_hashes.map((hash) => JSON.stringify(hash));
  const isSame =
    before.get('last_value') === last_value && rawText(before.get('unique_hashes') ?? []) === rawText(hashes);
  if (isSame) return sources;
  const entry = new Map(before)
    .set('initial_value', before.get('initial_value') ?? initial_value ?? 'null')
    .set('last_value', last_value ?? 'null')
    .set('unique_hashes', hashes)
    .set('start_value', start ?? 'null');
  const kept = new Map(ofResource).set('incremental', new Map(cursors).set(cursor_path, entry));
  const all = new Map(ofSource).set('resources', new Map(ofResources).set(resource, kept));
  return new Map(membersOf(sources)).set(source, all);
}

function scalarOf(json: RawJson | undefined): string | null {
  return typeof json === 'string' && json !== 'null' ? json : null;
}
