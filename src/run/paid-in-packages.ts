import { PaidReplies } from '../archive/paid-replies.ts';
import { isPaid } from '../config/paid-endpoint.ts';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { Effects } from '../effects.ts';
import { whileIdle } from '../ledger/idle-ledger.ts';
import { readPackage } from '../package/read-package.ts';
import { paidIn } from './paid-left.ts';

/** Replies that were paid for and whose rows are in packages. */
export interface PaidInPackages {
  /** They wait in the working folder, too: the next run is given them, and pays for nothing again. */
  readonly kept: number;
  /** Their rows are nowhere else. */
  readonly lost: number;
}

/** Packages are opened only where something of the pipeline costs money. Throws RunLocked where a run is going on. */
export async function paidInPackages(
  { pipeline, source }: PipelineConfig,
  files: readonly string[],
  { now }: Pick<Effects, 'now'>,
): Promise<PaidInPackages> {
  const names: string[] = [];
  if (files.length === 0 || !source.resources.some(({ endpoint }) => isPaid(endpoint))) return { kept: 0, lost: 0 };
  await whileIdle(pipeline.working_dir, async (database) => {
    for (const file of files) names.push(...paidIn((await readPackage(database, file))?.resources ?? []));
  });
  const { waiting } = await PaidReplies.open(pipeline.working_dir, { pipeline: pipeline.name, now });
  const kept = names.filter((name) => waiting.some((reply) => reply.name === name)).length;
  return { kept, lost: names.length - kept };
}
