import { configuredStrategy, factsOf } from '../../schema/strategies.ts';
import type { ConfigFile } from '../grammar/config-schema.ts';
import { destinationRules } from '../grammar/destination-schema.ts';
import type { CheckedParts } from './checked-parts.ts';
import { below, type Finding } from './finding.ts';

/** What of a destination does not go together, and what resources want that it cannot do. */
export function checkDestination(
  { destination }: ConfigFile['pipeline'],
  resources: CheckedParts['resources'],
): Finding[] {
  const { problems, onlyAdds } = destinationRules(destination.type);
  return [
    ...below(['pipeline', 'destination'], problems?.(destination) ?? []),
    ...(onlyAdds === undefined ? [] : checkMerges(resources, onlyAdds)),
  ];
}

// --- internal ---

const VIEWS =
  '; without `delete_missing` there is no `_elt_deleted_at`: leave out `pipeline.views` that read it, such as `models_current`';

function checkMerges(resources: CheckedParts['resources'], reason: string): Finding[] {
  const merging = resources.flatMap(({ checked }, index) => {
    const { write_disposition: written } = checked ?? {};
    if (written === undefined) return [];
    const strategy = configuredStrategy(written);
    if (strategy === undefined || factsOf(strategy).disposition !== 'merge') return [];
    return [{ path: ['source', 'resources', index, 'write_disposition'], hasViews: 'delete_missing' in written }];
  });
  const views = merging.some(({ hasViews }) => hasViews) ? VIEWS : '';
  return merging.map(({ path }, index) => ({
    path,
    message: `\`merge\` is not possible${index === 0 ? `: ${reason}${views}` : ', as above'}`,
  }));
}
