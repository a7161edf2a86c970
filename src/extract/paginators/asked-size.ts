import type { Json } from '../../json/json-value.ts';
import { wholeNumber } from './signs.ts';

const word =
  /^(limit|first|size|count|rows|num|take|top|per_?page|max(_?results|_?items)?|(page|batch)_?(size|limit|len)|(items|results|hits|records)_?per_?page)$/i;

/** How many records a page may have, where the request itself says so: in its query, or in its JSON body. */
export function askedSize(url: URL, json: Json): number | undefined {
  const sizes = [...url.searchParams, ...membersIn(json, 0)].flatMap(([name, value]) => {
    const size = word.test(name.replace(/^\$|^page\[|\]$/g, '')) ? wholeNumber(value) : undefined;
    return size === undefined || size === 0 ? [] : [size];
  });
  return sizes[0];
}

/** Sizes that sources are known to cut larger ones down to: a page of exactly so many may be a full one. */
export function isUsualLimit(records: number): boolean {
  return [50, 100, 200, 250, 500, 1000, 2000, 2500, 5000, 10_000].includes(records);
}

// --- internal ---

/** `variables.page.first` of GraphQL is as deep as it gets. */
const DEEPEST = 3;

function membersIn(json: Json, depth: number): [name: string, value: Json][] {
  if (typeof json !== 'object' || json === null || Array.isArray(json) || depth > DEEPEST) return [];
  return Object.entries(json).flatMap(([name, value]: [string, Json]) => [
    [name, value] as [string, Json],
    ...membersIn(value, depth + 1),
  ]);
}
