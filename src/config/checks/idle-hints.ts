import type { ResolvedResource } from '../pipeline-config.ts';
import type { Finding } from './finding.ts';

/** Hints that only a merge reads, on the columns of a resource that does not merge. dlt ignores them too: no error. */
export function idleHints({ write_disposition, columns = {} }: ResolvedResource): Finding[] {
  const { disposition } = write_disposition;
  if (disposition === 'merge') return [];
  return Object.entries(columns).flatMap(([column, hints]) =>
    (['hard_delete', 'dedup_sort'] as const)
      .filter((hint) => Boolean(hints[hint]))
      .map((hint) => ({
        path: ['columns', column, hint],
        message: `\`${hint}\` has no effect with \`${disposition}\`: it goes with \`write_disposition: merge\``,
      })),
  );
}
