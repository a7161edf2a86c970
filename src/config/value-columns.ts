import { placeholders } from '../text/placeholders.ts';
import type { EndpointConfig } from './grammar/resource-schema.ts';
import { textsIn } from './texts-in.ts';
import { isBoundParam } from './values-param.ts';

/** How placeholders name a parameter with `type: values`. */
export interface ValueUse {
  /** As `{region}`. */
  readonly isWhole: boolean;
  /** As `{region.code}`: `code`. */
  readonly columns: readonly string[];
}

/** Of the endpoint and its fallbacks. */
export function useOf(name: string, { fallbacks = [], ...main }: EndpointConfig = {}): ValueUse {
  const named = new Set([main, ...fallbacks].flatMap(filledTexts).flatMap(placeholders));
  const prefix = `${name}.`;
  const columns = [...named].filter((expression) => expression.startsWith(prefix));
  return { isWhole: named.has(name), columns: columns.map((expression) => expression.slice(prefix.length)) };
}

// --- internal ---

function filledTexts({ path, params = {}, json, data, headers }: EndpointConfig): string[] {
  const sent = Object.values(params).filter((param) => !isBoundParam(param));
  return textsIn([path, sent, json, data, headers]);
}
