import { z } from 'zod';
import { isPaid } from '../../config/paid-endpoint.ts';
import { parentsFirst } from '../../config/parents.ts';
import type { PipelineConfig } from '../../config/pipeline-config.ts';
import { PipelineError } from '../../errors.ts';
import { runPipeline } from '../../pipeline.ts';
import { previewResource } from '../../recording/preview-resource.ts';
import { runSummary } from '../../report/run-summary.ts';
import { type AnyTool, tool } from '../tool.ts';
import { most } from './inputs.ts';

/** What asks the source: there only where the person who started the server said so. */
export const sourceTools: readonly AnyTool[] = [
  tool({
    name: 'preview',
    title: 'First rows of a resource',
    description:
      'Asks the source for the first records of a resource and shows the rows and tables that a run would make. Nothing is loaded; what costs money or may change something is refused.',
    reach: 'network',
    input: z.strictObject({ resource: z.string().max(200), limit: most(5, 20) }),
    call: async ({ load, effects }, { resource, limit }, signal) =>
      previewResource((await load()).config, resource, { most: limit, effects, signal }),
  }),
  tool({
    name: 'run',
    title: 'Run the pipeline',
    description:
      'Asks the source and loads what comes, as `dezgo-elt run`: the selected resources, or those that are named. Never one that costs money. Tells what the run was.',
    reach: 'run',
    input: z.strictObject({ resources: z.array(z.string().max(200)).max(100).default([]) }),
    call: async ({ load, effects }, { resources }, signal) => {
      const { config } = await load();
      requireUnpaid(config, resources);
      return runSummary(await runPipeline(config, { resources, effects, signal }));
    },
  }),
];

// --- internal ---

/** Nor one whose parents do. */
function requireUnpaid({ source }: PipelineConfig, names: readonly string[]): void {
  const chosen = source.resources.filter(({ name, selected }) =>
    names.length === 0 ? selected : names.includes(name),
  );
  const paid = chosen.filter((resource) =>
    parentsFirst(resource, source.resources).some(({ endpoint }) => isPaid(endpoint)),
  );
  if (paid.length === 0) return;
  const shown = paid.map(({ name }) => `\`${name}\``).join(', ');
  throw new PipelineError({
    code: 'PaymentNotAllowed',
    message: `Replies to ${shown} cost money, and no assistant spends any.`,
    hint: 'A person can load them from a shell: dezgo-elt run NAME',
    facts: { resources: paid.map(({ name }) => name) },
  });
}
