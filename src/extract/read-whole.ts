import type { ResolvedResource } from '../config/pipeline-config.ts';
import { areReadWhole, BY_LIMIT } from './chain-ends.ts';
import type { ChainSeed, ChainSeeds } from './chain-seeds.ts';
import { chainName } from './continued-chains.ts';
import type { ExtractOutcome } from './page.ts';
import type { Progress } from './position.ts';

/** Whether a load lacks nothing that the source has. */
export function wholeOf(
  progress: Progress,
  seeds: ChainSeeds | undefined,
  of: number,
): Pick<ExtractOutcome, 'isWhole' | 'partOf'> {
  if (!areReadWhole(progress, of)) return {};
  return seeds?.partOf === undefined ? { isWhole: true } : { partOf: seeds.partOf };
}

/**
 * Whether what a list that was cut has not shown is newer than all that it has: where it is read in order, and was not stopped before
 * other ids, whose rows may be older. After `--limit` nothing moves on.
 */
export function isRestNewer({ endpoint }: ResolvedResource, { stop }: Progress, chains: readonly ChainSeed[]): boolean {
  const lacksOthers = (stop?.unread ?? 0) > 0 && chains.some(({ values }) => chainName(values) !== '');
  return endpoint?.incremental?.row_order === 'asc' && stop?.at !== BY_LIMIT && !lacksOthers;
}
