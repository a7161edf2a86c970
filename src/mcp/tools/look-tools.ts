import { z } from 'zod';
import { failures } from '../../inspection/failure-list.ts';
import { freshness } from '../../inspection/freshness.ts';
import { loads } from '../../inspection/load-history.ts';
import { run, runs } from '../../inspection/past-runs.ts';
import { stateListing } from '../../inspection/state-listing.ts';
import { type AnyTool, tool } from '../tool.ts';
import { most } from './inputs.ts';

/** How the pipeline is, and what its runs did. */
export const lookTools: readonly AnyTool[] = [
  tool({
    name: 'status',
    title: 'How fresh the data is, and what went wrong',
    description:
      'Begin here. Age of the last good load of each resource (late: older than allowed or usual), the run that is going on, the last run with its hint, the last failures, packages that wait, rows that contracts kept out, cursors of incremental resources.',
    input: z.strictObject({}),
    call: async ({ load, effects }) => {
      const { config } = await load();
      const now = effects.now();
      const fresh = await freshness(config, now);
      const wrong = await failures(config, { limit: 5, now }, effects);
      const state = fresh.unreadable === null ? (await stateListing(config)).resources : [];
      return { ...fresh, failures: wrong.runs, packages: wrong.packages, rejected: wrong.rejected, state };
    },
  }),
  tool({
    name: 'list_runs',
    title: 'Past runs',
    description:
      'The last runs, the newest first: when, how long by step, exit code, outcome (`killed`: it left nothing behind), rows, why it failed and what to do; and rows of the last loads by table, with `isDrop` where a load brought less than half of what is usual.',
    input: z.strictObject({ limit: most(20, 100) }),
    call: async ({ load }, { limit }) => {
      const { config } = await load();
      return { runs: await runs(config, limit), loads: await loads(config, Math.min(limit, 10)) };
    },
  }),
  tool({
    name: 'get_run',
    title: 'One run',
    description:
      'Everything that is known of one finished run: resources with requests, statuses, retries and errors; rows by table; schema changes; costs; notes.',
    input: z.strictObject({
      run: z.string().max(100).default('last').describe('Load id, the `startedAt` of `list_runs`, or `last`'),
    }),
    call: async ({ load }, { run: id }) => run((await load()).config, id),
  }),
];
