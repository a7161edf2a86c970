import type { ValuesParam } from './grammar/resource-schema.ts';
import { Secret } from './secret.ts';

/** A parameter that stands for values from elsewhere, one request each. */
export function isValuesParam(param: unknown): param is ValuesParam {
  return typeof param === 'object' && param !== null && !Array.isArray(param) && !(param instanceof Secret);
}
