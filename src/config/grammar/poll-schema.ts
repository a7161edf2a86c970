import { z } from 'zod';
import { about } from './about.ts';
import { timeLimit } from './units.ts';

/** How the same request is asked again until what it tells of is over, such as a job. */
export const pollSchema = z.strictObject({
  until: about(
    "A SQL condition over the keys of the record, which ends it: `status in ('completed', 'failed')`. Of several records in a reply, all",
    z.string().min(1),
  ),
  every: about(
    'How long is waited after a reply. Default `2s`; `Retry-After` of the reply comes first',
    timeLimit.optional(),
  ),
  timeout: about(
    'How long in all, from the first reply to the resource. What is still open then is loaded as it stands. Default `5m`',
    timeLimit.optional(),
  ),
});

export type PollConfig = z.output<typeof pollSchema>;
