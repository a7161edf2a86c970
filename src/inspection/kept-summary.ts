import { archivedLoads } from '../archive/archived-run.ts';
import { shownRequest } from '../archive/asked-request.ts';
import type { PaidReply } from '../archive/kept-reply.ts';
import { PaidReplies } from '../archive/paid-replies.ts';
import { realEffects } from '../effects.ts';
import type { KeptReplies } from '../report/kept-text.ts';
import { isoTime } from '../text/iso-time.ts';

/** What the working folder keeps of the replies that a pipeline got. */
export async function keptReplies(workingDir: string, pipeline: string): Promise<KeptReplies> {
  const now = realEffects.now();
  const { waiting, unanswered } = await PaidReplies.open(workingDir, { pipeline, now: () => now });
  const summary = ({ head, file }: PaidReply) => ({
    resource: head.resource,
    request: shownRequest(head.request),
    at: isoTime(head.at),
    ageSeconds: Math.max(0, Math.round((now - head.at) / 1000)),
    isAnswered: head.reply !== undefined,
    file,
  });
  return {
    paidReplies: [...waiting, ...unanswered].map(summary).sort((one, other) => one.at.localeCompare(other.at)),
    archivedLoads: (await archivedLoads(workingDir, pipeline)).reverse(),
  };
}
