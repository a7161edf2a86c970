import { isBoundParam, isIncrementalParam } from '../../config/values-param.ts';
import type { Json } from '../../json/json-value.ts';
import { filledValue, type PlaceholderValues } from '../../text/placeholders.ts';
import type { Endpoint } from '../endpoint.ts';
import { type Item, itemFrom } from '../steps/item.ts';

/** What a request is made of, by name: what its placeholders stand for, `params`, `data` and `json`, the later before the earlier. No secrets. */
export function requestValues({ params = {}, data, json }: Endpoint, values: PlaceholderValues): Item {
  const sent = Object.entries(params).filter(([, param]) => !isBoundParam(param) && !isIncrementalParam(param));
  return itemFrom([
    ...Object.entries(values),
    ...membersOf(Object.fromEntries(sent), values),
    ...membersOf(data, values),
    ...membersOf(json, values),
  ]);
}

// --- internal ---

function membersOf(written: unknown, values: PlaceholderValues): [string, Json][] {
  if (!isMapping(written)) return [];
  const shown = Object.entries(written).filter(([, value]) => isShown(value));
  return shown.map(([key, value]) => [key, filled(value, values)]);
}

function filled(value: unknown, values: PlaceholderValues): Json {
  if (typeof value === 'string') return filledValue(value, values);
  if (Array.isArray(value)) return value.filter(isShown).map((item) => filled(item, values));
  return isMapping(value) ? itemFrom(membersOf(value, values)) : value;
}

/** Neither a secret nor a file. */
function isShown(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Array.isArray(value) || isMapping(value);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
