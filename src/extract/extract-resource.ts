import type { ResolvedResource } from '../config/pipeline-config.ts';
import { configuredStrategy, isEmptying } from '../schema/strategies.ts';
import { BY_LIMIT, stoppedBy } from './chain-ends.ts';
import type { ExtractContext, RecordLimit } from './context.ts';
import { generatorPages } from './data/generator-resource.ts';
import { candidates } from './endpoint.ts';
import type { ExtractOutcome, Page } from './page.ts';
import { RecordsLeft } from './record-limit.ts';
import { removingDisposition, rowsWouldVanish } from './reply/unread-lists.ts';
import { ResourceRun } from './resource-run.ts';
import { Steps } from './steps/steps.ts';

/**
 * Extracts one resource: its records page by page, each page with the position to continue after it; at the end, how it went.
 * Throws PipelineError; the pages yielded before are complete.
 *
 * @example
 * const pages = extractResource(resource, context);
 * for (let next = await pages.next(); ; next = await pages.next()) {
 *   if (next.done) return next.value;                     // ExtractOutcome
 *   await keep(next.value.records, next.value.position);
 * }
 */
export async function* extractResource(
  resource: ResolvedResource,
  context: ExtractContext,
): AsyncGenerator<Page, ExtractOutcome> {
  const outcome = yield* pagesOf(resource, context);
  const { status, records, notes } = outcome;
  const strategy = configuredStrategy(resource.write_disposition);
  // Of a table that is replaced, loading says that it is empty now. What came before a position is not counted here.
  const isSaidElsewhere = isEmptying(strategy) || context.position != null;
  if (status !== 'extracted' || records > 0 || isSaidElsewhere) return outcome;
  return { ...outcome, notes: [...notes, context.incremental === undefined ? 'no records' : 'no new records'] };
}

// --- internal ---

function pagesOf(resource: ResolvedResource, context: ExtractContext): AsyncGenerator<Page, ExtractOutcome> {
  const { name, data, endpoint } = resource;
  if (data !== undefined) return afterSteps(resource, generatorPages(name, data, context), context);
  if (endpoint === undefined) throw new Error(`the resource ${name} has neither an endpoint nor data`);
  return new ResourceRun(resource, candidates(endpoint), context).pages();
}

/** The records of a program's own go through the steps as those of a reply do. */
async function* afterSteps(
  resource: ResolvedResource,
  pages: AsyncGenerator<Page, ExtractOutcome>,
  { signal, effects, limit }: ExtractContext,
): AsyncGenerator<Page, ExtractOutcome> {
  const left = new RecordsLeft(limit);
  const steps = await Steps.open(resource, signal);
  let total = 0;
  try {
    for (;;) {
      const next = await pages.next();
      if (next.done === true) {
        for (const warning of steps.warnings) effects.log.warn(`${resource.name}: ${warning}`);
        return { ...next.value, records: total, notes: [...next.value.notes, ...steps.notes, ...steps.warnings] };
      }
      const given = await steps.apply(next.value.records, {});
      const { records, stop } = left.page(given, { goesOn: true, isLast: true });
      total += records.length;
      if (stop !== undefined) refuseLimited(resource, limit);
      yield { ...next.value, records };
      if (stop !== undefined) return { status: 'extracted', records: total, requests: 0, notes: [stoppedBy(stop.at)] };
    }
  } finally {
    await steps.close();
    await pages.return({ status: 'extracted', records: 0, requests: 0, notes: [] });
  }
}

/** Whether there is more, only who asks for it would know. */
function refuseLimited(resource: ResolvedResource, limit: RecordLimit | undefined): void {
  const removing = removingDisposition(resource);
  if (removing === undefined || limit?.isTableNew === true) return;
  const rest = { says: stoppedBy(BY_LIMIT), so: '', advice: 'leave `--limit` out' };
  throw rowsWouldVanish(resource.name, removing, rest);
}
