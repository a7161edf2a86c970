import { configuredStrategy, factsOf } from '../../schema/strategies.ts';
import type { ResourceConfig } from '../grammar/resource-schema.ts';
import { parentsFirst } from '../parents.ts';
import { isIncrementalParam, isValuesParam } from '../values-param.ts';
import type { CheckedParts } from './checked-parts.ts';
import { below, type Finding } from './finding.ts';

/** What `delete_missing` does not go with: rows would vanish that are still in the source, or none ever would. */
export function checkMissing(resources: CheckedParts['resources']): Finding[] {
  const all = resources.flatMap(({ checked }) => checked ?? []);
  return resources.flatMap(({ checked }, index) =>
    checked === undefined
      ? []
      : below(['source', 'resources', index, 'write_disposition'], checkDisposition(checked, all)),
  );
}

// --- internal ---

function checkDisposition(resource: ResourceConfig, all: readonly ResourceConfig[]): Finding[] {
  const { write_disposition: written } = resource;
  if (written === undefined || !('delete_missing' in written || 'max_delete' in written)) return [];
  if (written.delete_missing === undefined)
    return [{ path: ['max_delete'], message: 'goes with `delete_missing: soft` or `hard`' }];
  const path = ['delete_missing'];
  const strategy = configuredStrategy(written);
  if (strategy !== undefined && !factsOf(strategy).deletesMissing)
    return [{ path, message: `\`${strategy}\` leaves rows that are there as they are: use \`strategy: upsert\`` }];
  const part = parentsFirst(resource, all).flatMap((one) => whyPart(one) ?? [])[0];
  return part === undefined
    ? []
    : [{ path, message: `${part}, so that no run knows which rows are gone: leave it out` }];
}

/** Why a run never reads all that there is of a resource. */
function whyPart({ name, endpoint }: ResourceConfig): string | undefined {
  const params = Object.entries(endpoint?.params ?? {});
  if (endpoint?.incremental !== undefined || params.some(([, param]) => isIncrementalParam(param)))
    return `\`${name}\` is incremental: a run reads what is new`;
  const lookedUp = params.find(([, param]) => isValuesParam(param) && param.from.some((source) => !('list' in source)));
  return lookedUp && `\`${name}\` asks for the values of \`${lookedUp[0]}\` that a run finds in \`env\` or \`query\``;
}
