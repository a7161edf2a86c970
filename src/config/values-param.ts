import type { IncrementalParam } from './grammar/incremental-schema.ts';
import type { ResolveParam, ValuesParam } from './grammar/resource-schema.ts';

/** A parameter that is not sent itself: one request for each of its values, which stand where a placeholder names it. */
export function isBoundParam(param: unknown): param is ValuesParam | ResolveParam {
  return isValuesParam(param) || isResolveParam(param);
}

/** One with values from elsewhere. */
export function isValuesParam(param: unknown): param is ValuesParam {
  return isOfType(param, 'values');
}

/** One with a field of the parent's records. */
export function isResolveParam(param: unknown): param is ResolveParam {
  return isOfType(param, 'resolve');
}

/** One that gets the value that an incremental resource begins with. */
export function isIncrementalParam(param: unknown): param is IncrementalParam {
  return isOfType(param, 'incremental');
}

// --- internal ---

function isOfType(param: unknown, type: string): boolean {
  return typeof param === 'object' && param !== null && 'type' in param && param.type === type;
}
