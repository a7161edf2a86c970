import type { Json } from '../../json/json-value.ts';
import type { JsonPath } from '../../json-path/json-path.ts';

/**
 * Where the records of a reply stand. `list`: what is around them is about their list. `perhaps`: the reply was taken for one
 * record, but holds a list that may be the one meant. `record`: the reply is the record, and says nothing about others.
 */
export interface Surroundings {
  readonly kind: 'list' | 'perhaps' | 'record';
  /** How many items the list has, where they are what the source counts. */
  readonly items: number | undefined;
}

export interface Selection {
  readonly body: Json;
  readonly selector: JsonPath;
  readonly records: number;
  /** Records were taken from a list. */
  readonly isList: boolean;
  /** Of the endpoint, where nothing said what to select and it is no single entity. */
  readonly guessedFrom: string | undefined;
}

export function surroundingsOf({ body, selector, records, isList, guessedFrom }: Selection): Surroundings {
  const items = isList && selector.isWholeList ? records : undefined;
  const isWhole = selector.isWholeList && selector.lead.length === 0;
  if (!isWhole || typeof body !== 'object' || body === null || Array.isArray(body)) return { kind: 'list', items };
  const lists = Object.entries(body).filter(([, value]: [string, Json]) => isListOfObjects(value));
  const [only] = lists;
  if (guessedFrom === undefined || only === undefined) return { kind: 'record', items: undefined };
  const [key, list]: [string, Json] = only;
  const isNamed = guessedFrom.split(/[/?]/).includes(key);
  if (lists.length === 1 && (isNamed || Object.keys(body).some((name) => companion.test(name)))) {
    return { kind: 'list', items: Array.isArray(list) ? list.length : undefined };
  }
  return { kind: 'perhaps', items: undefined };
}

// --- internal ---

/** What stands beside a page of a list, and hardly in a record. */
const companion = /^(page|(current|per)_?page|page_?(number|size)|limit|offset|skip|start|from)$/i;

function isListOfObjects(value: Json): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'object' && item !== null);
}
