import { parseExactJson } from './exact-json.ts';

/** Like JSON.parse, but integers beyond 2^53 become bigints: a run of 16 digits is needed to write one. */
export function parsePlainJson(text: string): unknown {
  return /\d{16}/.test(text) ? parseExactJson(text, false) : JSON.parse(text);
}
