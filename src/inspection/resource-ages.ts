import { PipelineError } from '../errors.ts';
import { ageText, type ResourceAge } from '../report/resource-age.ts';
import type { LastGoodLoad } from '../run/last-good-loads.ts';
import { configured } from '../text/duration.ts';
import type { Age } from './told-runs.ts';

/** `most`: milliseconds that may have passed since; undefined: as many as you like. What was never loaded is older than anything. */
export function resourceAge(load: LastGoodLoad, most: number | undefined, age: Age): ResourceAge {
  const ageSeconds = age(load.checkedAt);
  const maxAgeSeconds = most === undefined ? null : most / 1000;
  const isStale = maxAgeSeconds !== null && (ageSeconds === null || ageSeconds > maxAgeSeconds);
  return { ...load, ageSeconds, maxAgeSeconds, isStale };
}

/** None of a resource that is as fresh as it has to be. */
export function staleError(resource: ResourceAge): PipelineError[] {
  const { name, isStale, maxAgeSeconds, checkedAt, ageSeconds } = resource;
  if (!isStale || maxAgeSeconds === null) return [];
  const most = configured(maxAgeSeconds * 1000);
  const message =
    checkedAt === null
      ? `\`${name}\` was never loaded (--max-age ${most}).`
      : `\`${name}\` was last loaded or found unchanged ${ageText(resource)}, ${checkedAt}, which is more than ${most}.`;
  return [
    new PipelineError({
      code: 'DataStale',
      message,
      hint: `Load it: dezgo-elt run ${name}`,
      facts: { resource: name, checkedAt, ageSeconds, maxAgeSeconds },
    }),
  ];
}
