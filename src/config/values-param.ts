import type { ResolveParam, ValuesParam } from './grammar/resource-schema.ts';
import { Secret } from './secret.ts';

/** A parameter that is not sent itself: one request for each of its values, which stand where a placeholder names it. */
export function isBoundParam(param: unknown): param is ValuesParam | ResolveParam {
  return typeof param === 'object' && param !== null && !Array.isArray(param) && !(param instanceof Secret);
}

/** One with values from elsewhere. */
export function isValuesParam(param: unknown): param is ValuesParam {
  return isBoundParam(param) && param.type === 'values';
}

/** One with a field of the parent's records. */
export function isResolveParam(param: unknown): param is ResolveParam {
  return isBoundParam(param) && param.type === 'resolve';
}
