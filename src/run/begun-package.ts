import type { ResolvedResource } from '../config/pipeline-config.ts';
import type { ChainSeeds } from '../extract/chain-seeds.ts';
import { type ContinuedChains, chainName, continuedChains } from '../extract/continued-chains.ts';
import { isAskedOnce } from '../extract/endpoint.ts';
import { LAYOUT, type PackageResource } from '../package/layout.ts';
import { readChains } from '../package/package-books.ts';
import { count } from '../text/count.ts';
import { credentialsMark, type PackageContents, withConnection } from './attached-package.ts';
import type { Run } from './open-run.ts';
import { hasSeeds, seedsNow } from './resource-seeds.ts';
import { scopeText } from './run-scope.ts';
import type { RunResource } from './select-resources.ts';

/** What a resource of the package asks for: what was read stands before what is still to come. */
export interface ContinuedSeeds extends ChainSeeds {
  /** They are not as the package knows them. */
  readonly areChanged: boolean;
}

/** The package that an earlier run left incomplete, attached, that this run continues. */
export interface BegunPackage extends PackageContents {
  /** Of its resources that are asked for more than once. */
  readonly seeds: ReadonlyMap<string, ContinuedSeeds>;
}

/** The package with what its resources have to ask for now, or why it cannot be continued. */
export async function begunPackage(
  run: Run,
  contents: PackageContents,
  selected: readonly RunResource[],
): Promise<BegunPackage | string> {
  const obstacle = obstacleTo(run, contents, selected);
  if (obstacle !== null) return obstacle;
  const seeds = new Map<string, ContinuedSeeds>();
  const notes: string[] = [];
  for (const document of contents.resources) {
    const resource = run.config.source.resources.find(({ name }) => name === document.resource);
    if (resource === undefined || document.status !== 'running' || !hasSeeds(resource)) continue;
    const continued = await continuedSeeds(run, resource, document);
    const unwanted = unwantedOf(continued, resource);
    if (unwanted !== undefined) return `it holds ${unwanted}, which this run does not ask for`;
    seeds.set(resource.name, continued);
    notes.push(...notesOn(continued).map((note) => `${resource.name}: ${note}`));
  }
  run.trace.note(`Continues package ${contents.info.load_id}, which an earlier run began.`);
  for (const note of notes) run.trace.note(note);
  return { ...contents, seeds };
}

// --- internal ---

/** What has to be the same so that one load does not mix two. */
function obstacleTo(run: Run, { info, resources }: PackageContents, selected: readonly RunResource[]): string | null {
  if (info.config_hash !== run.config.hash) return 'the configuration has changed since';
  if (info.layout !== LAYOUT) return 'an earlier version of dezgo-elt began it';
  if (info.credentials !== credentialsMark(run, info.load_id)) return 'it was begun with other credentials';
  const scope = scopeText(run.scope);
  if ((info.scope ?? '') !== scope)
    return `it was begun ${info.scope === undefined ? `without \`${scope}\`` : `with \`${info.scope}\``}`;
  const age = run.effects.now() - info.created_at;
  if (age >= run.config.pipeline.resume_within) return 'it is too old (pipeline.resume_within)';
  const other = resources.map((document) => otherWork(document, selected)).find((what) => what !== undefined);
  if (other !== undefined) return other;
  const generator = resources.find(({ resource, status }) => status === 'running' && !hasEndpoint(run, resource));
  return generator === undefined ? null : `the function of resource ${generator.resource} starts anew`;
}

/** What the package has of a resource is not what this run needs. */
function otherWork(
  { resource, isOnlyRead = false }: PackageResource,
  selected: readonly RunResource[],
): string | undefined {
  const now = selected.find(({ name }) => name === resource);
  if (now === undefined) return `it holds resource ${resource}, which this run leaves out`;
  if ((now.isOnlyRead ?? false) === isOnlyRead) return undefined;
  return isOnlyRead
    ? `it lacks the records of resource ${resource}, which this run loads`
    : `it holds resource ${resource}, which this run does not load`;
}

/** A program's own generator starts anew each time: it cannot go on where it was. */
function hasEndpoint(run: Run, name: string): boolean {
  return run.config.source.resources.some((resource) => resource.name === name && resource.data === undefined);
}

async function continuedSeeds(run: Run, resource: ResolvedResource, { position, incremental }: PackageResource) {
  const begun = await withConnection(run, (connection) => readChains(connection, resource.name));
  const { seeds, sources, partOf, bought } = await seedsNow(run, resource, incremental);
  return { ...continuedChains(begun, position, seeds), sources, partOf, bought };
}

/** Records that nobody asks for any more. What a POST answered was paid for: it is kept, unless it is half a list. */
function unwantedOf(continued: ContinuedChains, { name, endpoint }: ResolvedResource): string | undefined {
  const { unwantedPart, unwanted } = continued;
  if (unwantedPart !== undefined) return `a part of the records of ${name} for ${chainName(unwantedPart)}`;
  const [first] = isAskedOnce(endpoint) ? [] : unwanted;
  return first === undefined ? undefined : `records of ${name} for ${chainName(first)}`;
}

function notesOn({ added, leftOut, unwanted }: ContinuedChains): string[] {
  const counted: readonly [chains: readonly unknown[], say: (ids: string) => string][] = [
    [added, (ids) => `asks for ${ids} more than the earlier run`],
    [leftOut, (ids) => `leaves out ${ids} that the earlier run had not come to`],
    [unwanted, (ids) => `keeps ${ids} that this run does not ask for: the replies to a POST were paid for`],
  ];
  return counted.flatMap(([chains, say]) => (chains.length === 0 ? [] : [say(count(chains.length, 'id'))]));
}
