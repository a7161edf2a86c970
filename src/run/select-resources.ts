import { isPaid } from '../config/paid-endpoint.ts';
import { parentsFirst } from '../config/parents.ts';
import type { PipelineConfig, ResolvedResource } from '../config/pipeline-config.ts';
import { PipelineError } from '../errors.ts';
import { didYouMean } from '../text/nearest.ts';

/** A resource of one run. */
export interface RunResource extends ResolvedResource {
  /** Its children need what is in its records; nobody asked for it to be loaded. */
  readonly isOnlyRead?: boolean;
}

/** Which resources are meant. */
export interface Selection {
  readonly names?: readonly string[] | undefined;
  readonly excluded?: readonly string[] | undefined;
  /** Whose they are, with its other operands and options: hints name it; `run` by default. */
  readonly command?: string;
}

/**
 * The resources of a run: the named ones, also those with `selected: false`, else the selected ones, but for the `excluded`; and
 * the parents that they need, which are only read where they are none of these. In the order of the configuration, but parents before their children. Throws PaymentNotAllowed for a parent that costs
 * money and is not named.
 */
export function selectResources(config: PipelineConfig, selection: Selection = {}): RunResource[] {
  const { command = 'run' } = selection;
  const chosen = withoutExcluded(chosenResources(config, selection), config, selection);
  const ordered = new Map<string, RunResource>();
  for (const resource of chosen) {
    for (const one of parentsFirst(resource, config.source.resources)) {
      if (!ordered.has(one.name)) ordered.set(one.name, chosen.includes(one) ? one : onlyRead(one, resource, command));
    }
  }
  return [...ordered.values()];
}

// --- internal ---

function chosenResources(
  { source: { resources: all } }: PipelineConfig,
  { names, command = 'run' }: Selection,
): readonly ResolvedResource[] {
  if (names === undefined || names.length === 0) {
    const selected = all.filter((resource) => resource.selected);
    if (selected.length > 0) return selected;
    throw unknownResource('No resource is selected.', all, { command });
  }
  requireKnown(names, all, command);
  return all.filter((resource) => names.includes(resource.name));
}

function withoutExcluded(
  chosen: readonly ResolvedResource[],
  { source: { resources: all } }: PipelineConfig,
  { excluded = [], command = 'run' }: Selection,
): readonly ResolvedResource[] {
  requireKnown(excluded, all, `${command} --exclude`);
  const left = chosen.filter(({ name }) => !excluded.includes(name));
  if (left.length === 0)
    throw unknownResource('No resource is left: all that would be loaded are excluded.', all, { command });
  return left;
}

function requireKnown(names: readonly string[], all: readonly ResolvedResource[], command: string): void {
  const known = all.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const close = didYouMean(unknown, known);
  throw unknownResource(`There is no resource \`${unknown}\`${close === '' ? '.' : close}`, all, {
    command,
    name: unknown,
  });
}

function onlyRead(resource: ResolvedResource, child: ResolvedResource, command: string): RunResource {
  if (isPaid(resource.endpoint)) throw paidParent(resource.name, child.name, command);
  return { ...resource, write_disposition: { disposition: 'skip' }, isOnlyRead: true };
}

function paidParent(parent: string, child: string, command: string): PipelineError {
  return new PipelineError({
    code: 'PaymentNotAllowed',
    message: `\`${child}\` needs the records of \`${parent}\`, which cost money (\`paid: true\`).`,
    // A preview is of one resource; what it points to must not cost either.
    hint: `Name both, if they may: dezgo-elt ${command === 'preview' ? 'plan' : command} ${parent} ${child}`,
    facts: { parent, child },
  });
}

function unknownResource(
  message: string,
  all: readonly ResolvedResource[],
  { command, name }: { readonly command: string; readonly name?: string },
): PipelineError {
  const names = all.map((resource) => resource.name);
  return new PipelineError({
    code: 'ResourceUnknown',
    message,
    hint: `The configuration has these: ${names.join(', ')}. Name some of them: dezgo-elt ${command} ${names[0] ?? 'RESOURCE'}`,
    facts: { resource: name ?? null, resources: names },
  });
}
