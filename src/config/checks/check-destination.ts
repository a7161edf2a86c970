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

function checkMerges(resources: CheckedParts['resources'], reason: string): Finding[] {
  return resources.flatMap(({ checked }, index) => {
    const { write_disposition: written } = checked ?? {};
    const strategy = written === undefined ? undefined : configuredStrategy(written);
    if (strategy === undefined || factsOf(strategy).disposition !== 'merge') return [];
    return [
      { path: ['source', 'resources', index, 'write_disposition'], message: `\`merge\` is not possible: ${reason}` },
    ];
  });
}
