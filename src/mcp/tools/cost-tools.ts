import { z } from 'zod';
import { costs } from '../../inspection/cost-summary.ts';
import { requests } from '../../inspection/request-summary.ts';
import { type AnyTool, tool } from '../tool.ts';
import { most, since, timeOf } from './inputs.ts';

/** What runs asked for, and what that cost. */
export const costTools: readonly AnyTool[] = [
  tool({
    name: 'requests',
    title: 'Requests of past runs',
    description:
      'Requests by resource: count, retries, statuses, p50 and p95 in milliseconds, bytes; and single ones, the newest or the slowest. While a run is going on only what finished runs told.',
    input: z.strictObject({
      resource: z.string().max(200).optional(),
      load_id: z.string().max(40).optional().describe('Of one load'),
      since,
      slowest: z.boolean().default(false),
      limit: most(10, 50),
    }),
    call: async ({ load, effects }, { resource, load_id: loadId, since: text, slowest, limit }) => {
      const from = timeOf(text, effects.now());
      return requests((await load()).config, { since: from, resource, loadId, limit, slowest });
    },
  }),
  tool({
    name: 'costs',
    title: 'What was spent',
    description:
      'What runs spent by day, resource or run, the last known balance, and for how many days it lasts at that pace.',
    input: z.strictObject({ by: z.enum(['day', 'resource', 'run']).default('day'), since, limit: most(30, 200) }),
    call: async ({ load, effects }, { by, since: text, limit }) => {
      const now = effects.now();
      const found = await costs((await load()).config, { by, since: timeOf(text, now), now });
      return { ...found, costs: found.costs.slice(0, limit), captured: found.captured?.slice(0, limit) ?? null };
    },
  }),
];
