import type { ResolvedResource } from '../../config/pipeline-config.ts';
import { PipelineError } from '../../errors.ts';
import { configuredStrategy, factsOf } from '../../schema/strategies.ts';
import type { ReadToEnd } from '../chain.ts';
import { type Rest, restText } from '../paginators/rest.ts';
import type { Progress } from '../position.ts';

/** The write disposition that takes away what is not in a load, as it is written; undefined where nothing does. */
export function removingDisposition({
  write_disposition: written,
  merge_key,
  columns = {},
}: ResolvedResource): string | undefined {
  const strategy = configuredStrategy(written);
  const absent = strategy === undefined ? 'stay' : factsOf(strategy).absent;
  if (absent === 'stay') return undefined;
  if (absent !== 'go with their merge key') return `\`${strategy}\``;
  const hasMergeKey = merge_key !== undefined || Object.values(columns).some((hint) => hint.merge_key === true);
  return hasMergeKey ? '`merge` by `merge_key`' : undefined;
}

/** The progress after a chain that was read to its end. */
export function withEnd(progress: Progress, { rest, isLed, isCut = false }: ReadToEnd): Progress {
  const led = { ...progress, ended: progress.ended + (isCut ? 0 : 1), isLed: progress.isLed || isLed };
  if (rest === undefined) return led;
  const first = progress.rests[rest.key] ?? { rest, chains: 0 };
  return { ...led, rests: { ...progress.rests, [rest.key]: { ...first, chains: first.chains + 1 } } };
}

/** What is to be said of the lists of a resource, of which `of` were read. */
export function saidOfRests(progress: Progress, of: number): { readonly text: string; readonly rest: Rest }[] {
  return Object.values(progress.rests)
    .filter(({ rest }) => rest.kind !== 'unseen' || !progress.isLed)
    .map(({ rest, chains }) => ({ rest, text: restText(rest, chains, of) }));
}

/** The rows that were not read would be taken away. `of` says whose list it is, where it is not that of the resource. */
export function rowsWouldVanish(
  resource: string,
  removing: string,
  rest: Pick<Rest, 'says' | 'so' | 'advice'>,
  of = '',
): PipelineError {
  const advice = rest.advice.charAt(0).toUpperCase() + rest.advice.slice(1);
  return new PipelineError({
    code: 'ListIncomplete',
    message: `\`${resource}\`: ${of}${rest.says}${rest.so}; ${removing} would remove the rows that were not read.`,
    hint: `${advice}.`,
    facts: { resource, rest: rest.says },
  });
}
