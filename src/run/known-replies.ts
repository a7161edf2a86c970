import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readOwnJson, writeOwnJson } from '../files/own-json.ts';
import type { KnownReply } from '../package/known-reply.ts';
import { isReadToLoad, type PackageResource } from '../package/layout.ts';
import { version } from '../version.ts';
import { credentialsMark, isOwn, type PackageContents } from './attached-package.ts';
import type { Run } from './open-run.ts';
import { scopeText } from './run-scope.ts';

/** What the tables of a resource hold. */
export interface LoadedReply {
  readonly reply: KnownReply;
  readonly loadId: string;
  /** What was expected of them: absent for nothing. */
  readonly expected?: string;
  /** When the source last answered that again, milliseconds since 1970. */
  readonly checkedAt?: number;
}

/** Of one pipeline: it counts as long as nobody else writes to the destination, and for the same configuration alone. */
interface Memory {
  readonly pipeline: string;
  readonly dataset: string;
  readonly destination: string;
  /** Of the program: another one may make other rows of the same reply. */
  readonly version: string;
  readonly configHash: string;
  /** The last load, and what tells the credentials of it apart. */
  readonly loadId: string;
  readonly credentials: string;
  /** Of the destination, after that load. */
  readonly state: string;
  readonly resources: Readonly<Record<string, LoadedReply>>;
}

type Replies = ReadonlyMap<string, LoadedReply>;

/** The replies that the tables were loaded from, by resource; none where somebody may have changed the tables since, or what they depend on. */
export async function knownReplies(run: Run): Promise<Replies> {
  const memory = ownMemory(run);
  const isAsked = scopeText(run.scope) === '' && run.config.pipeline.import_schema_path === undefined;
  if (memory === undefined || !isAsked || memory.configHash !== run.config.hash || memory.version !== version)
    return new Map();
  if (memory.credentials !== credentialsMark(run, memory.loadId)) return new Map();
  if ((await run.destination.state()) !== memory.state) return new Map();
  return new Map(Object.entries(memory.resources).filter(([name, { expected }]) => expected === expectedOf(run, name)));
}

/** After a load: what its resources answered, and what was known of the others. */
export function rememberLoad(
  run: Run,
  { info, resources }: Pick<PackageContents, 'info' | 'resources'>,
  states: { readonly before: string; readonly after: string } | undefined,
): void {
  const memory = ownMemory(run);
  const isSame =
    memory?.state === states?.before &&
    memory?.configHash === info.config_hash &&
    memory.version === version &&
    memory.credentials === credentialsMark(run, memory.loadId);
  const known = new Map(isSame ? Object.entries(memory.resources) : []);
  for (const document of resources) settle(run, known, document, info.load_id);
  const { pipeline_name: pipeline, dataset_name: dataset, destination, credentials = '' } = info;
  write(
    run,
    states && {
      pipeline,
      dataset,
      destination,
      version,
      configHash: info.config_hash,
      loadId: info.load_id,
      credentials,
      state: states.after,
      resources: Object.fromEntries(known),
    },
  );
}

/** After a run in which nothing was new. */
export function rememberChecked(run: Run, resources: readonly PackageResource[]): void {
  const memory = ownMemory(run);
  if (memory === undefined) return;
  const known = new Map(Object.entries(memory.resources));
  for (const document of resources) settle(run, known, document, memory.loadId);
  write(run, { ...memory, resources: Object.fromEntries(known) });
}

/** After something else than a load was published: what resources answered counts as unknown, of others it stays known. */
export function forgetReplies(
  run: Run,
  resources: readonly string[],
  states: { readonly before: string; readonly after: string } | undefined,
): void {
  const memory = ownMemory(run);
  if (memory === undefined || states === undefined || memory.state !== states.before) {
    write(run, undefined);
    return;
  }
  const known = Object.entries(memory.resources).filter(([name]) => !resources.includes(name));
  write(run, { ...memory, state: states.after, resources: Object.fromEntries(known) });
}

/** When the source last answered again what was loaded, by resource: milliseconds since 1970. For those who only look. */
export function unchangedSince(run: Pick<Run, 'config' | 'location'>): ReadonlyMap<string, number> {
  const replies = Object.entries(ownMemory(run)?.resources ?? {});
  return new Map(replies.flatMap(([name, { checkedAt }]) => (checkedAt === undefined ? [] : [[name, checkedAt]])));
}

// --- internal ---

/** What is not loaded leaves the tables as they were. */
function settle(run: Run, known: Map<string, LoadedReply>, one: PackageResource, loadId: string): void {
  const { resource, status, reply } = one;
  const before = known.get(resource);
  const checkedAt = run.effects.now();
  const expected = expectedOf(run, resource);
  if (status === 'unchanged' && before !== undefined)
    known.set(resource, { ...before, reply: reply ?? before.reply, checkedAt });
  if (!isReadToLoad(one)) return;
  known.delete(resource);
  if (reply !== undefined) known.set(resource, { reply, loadId, ...(expected !== undefined && { expected }) });
}

/** What tells the expectations of a resource, and of the dataset, apart: new ones are asked of what is there. */
function expectedOf({ config: { pipeline, source } }: Run, resource: string): string | undefined {
  const own = source.resources.find(({ name }) => name === resource)?.expectations;
  if (own === undefined && pipeline.expectations === undefined) return undefined;
  const text = JSON.stringify([own ?? [], pipeline.expectations ?? []]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** `replies.json` in the working folder, of all pipelines that share it. */
function fileOf({ config }: Pick<Run, 'config'>): string {
  return join(config.pipeline.working_dir, 'replies.json');
}

function memories(run: Pick<Run, 'config'>): Memory[] {
  const found = readOwnJson(fileOf(run));
  return Array.isArray(found) ? found.filter(isMemory) : [];
}

function ownMemory(run: Pick<Run, 'config' | 'location'>): Memory | undefined {
  return memories(run).find((memory) => isOwn(run, memory));
}

function write(run: Run, memory: Memory | undefined): void {
  const others = memories(run).filter((memory) => !isOwn(run, memory));
  writeOwnJson(fileOf(run), memory === undefined ? others : [...others, memory]);
}

function isMemory(value: unknown): value is Memory {
  if (typeof value !== 'object' || value === null) return false;
  const { resources, ...texts }: Partial<Record<keyof Memory, unknown>> = value;
  const names = [
    'pipeline',
    'dataset',
    'destination',
    'version',
    'configHash',
    'loadId',
    'credentials',
    'state',
  ] as const;
  return (
    names.every((name) => typeof texts[name] === 'string') &&
    typeof resources === 'object' &&
    resources !== null &&
    Object.values(resources).every(isLoadedReply)
  );
}

function isLoadedReply(value: unknown): value is LoadedReply {
  if (typeof value !== 'object' || value === null) return false;
  const { reply, loadId, checkedAt = 0 }: Partial<Record<keyof LoadedReply, unknown>> = value;
  return isKnownReply(reply) && typeof loadId === 'string' && typeof checkedAt === 'number';
}

function isKnownReply(value: unknown): value is KnownReply {
  if (typeof value !== 'object' || value === null) return false;
  const {
    hash,
    url,
    etag = '',
    lastModified = '',
    exactNumbers,
    receivedAt,
  }: Partial<Record<keyof KnownReply, unknown>> = value;
  return (
    [hash, url, etag, lastModified].every((text) => typeof text === 'string') &&
    typeof exactNumbers === 'boolean' &&
    typeof receivedAt === 'number'
  );
}
