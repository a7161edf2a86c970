import type { PipelineConfig, ResolvedResource } from '../config/pipeline-config.ts';
import { PipelineError } from '../errors.ts';

/** The resources of a run in configuration order: the named ones, also those with `selected: false`, else the selected ones. */
export function selectResources(config: PipelineConfig, names: readonly string[] | undefined): ResolvedResource[] {
  const all = config.source.resources;
  if (names === undefined || names.length === 0) {
    const selected = all.filter((resource) => resource.selected);
    if (selected.length > 0) return selected;
    throw unknownResource('No resource is selected.', all);
  }
  for (const name of names) {
    if (!all.some((resource) => resource.name === name))
      throw unknownResource(`There is no resource \`${name}\`.`, all, name);
  }
  return all.filter((resource) => names.includes(resource.name));
}

function unknownResource(message: string, all: readonly ResolvedResource[], name?: string): PipelineError {
  const names = all.map((resource) => resource.name);
  return new PipelineError({
    code: 'ResourceUnknown',
    message,
    hint: `The configuration has these: ${names.join(', ')}. Name some of them: dezgo-elt run ${names[0] ?? 'RESOURCE'}`,
    facts: { resource: name ?? null, resources: names },
  });
}
