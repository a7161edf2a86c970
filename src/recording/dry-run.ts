import { dirname } from 'node:path';
import { isPaid } from '../config/paid-endpoint.ts';
import { parentsFirst } from '../config/parents.ts';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { PipelineError } from '../errors.ts';
import { isAskedOnce } from '../extract/endpoint.ts';
import { type RunOptions, runPipeline } from '../pipeline.ts';
import { selectResources } from '../run/select-resources.ts';
import type { Trace } from '../trace.ts';
import { inThrowaway } from './throwaway.ts';

/**
 * A run into a copy of the destination that is thrown away: what a run would do now, its failures and expectations too. Nothing is
 * published, remembered or told; what may cost money or change something is not asked for.
 *
 * @throws PipelineError UsageInvalid: nothing is left to ask for; what a run throws
 */
export async function dryRun(config: PipelineConfig, options: RunOptions): Promise<Trace> {
  const { resources, exclude, summaryFile: _, ...how } = options;
  const meant = selectResources(config, { names: resources, excluded: exclude, command: 'run --dry-run' });
  const chosen = meant.filter(({ isOnlyRead }) => isOnlyRead !== true);
  const harmless = chosen.filter((one) => parentsFirst(one, config.source.resources).every(isHarmless));
  if (harmless.length === 0) throw nothingHarmless(chosen.map(({ name }) => name));
  const leftOut = chosen.filter((one) => !harmless.includes(one)).map(({ name }) => leftOutNote(name));
  return inThrowaway(config, async (throwaway) => {
    const live = destinationOf(config);
    const copy = destinationOf(throwaway).location;
    const partly: string[] = [];
    await live.copyTo(copy, (text) => partly.push(text));
    const trace = await runPipeline(throwaway, { ...how, resources: harmless.map(({ name }) => name) });
    const notes = trace.notes.filter((note) => !note.includes(dirname(copy)));
    return {
      ...trace,
      destination: live.location,
      published: false,
      isDry: true,
      notes: [...leftOut, ...partly, ...notes],
    };
  });
}

// --- internal ---

function isHarmless({ endpoint }: PipelineConfig['source']['resources'][number]): boolean {
  return !isAskedOnce(endpoint) && !isPaid(endpoint);
}

function leftOutNote(name: string): string {
  return `${name}: left out of the dry run, its requests may cost money or change something`;
}

function nothingHarmless(names: readonly string[]): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `A dry run asks for nothing that may cost money or change something, and nothing else is to be loaded: ${names.join(', ')}.`,
    hint: `What would be asked for: dezgo-elt plan ${names.join(' ')}`,
    facts: { resources: names },
  });
}
