import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'lossless-json';

/** dlt's recorded answers, beside the repository; tests that need them skip where they are absent. */
const folder = path.resolve(import.meta.dirname, '../../../shared/dlt-oracle');

export const hasOracle = existsSync(folder);

export function readOracle<T>(file: string, empty: T): T {
  return hasOracle ? parseOracle(readFileSync(path.join(folder, file), 'utf8')) : empty;
}

/** Numbers as our parsers give them: integers beyond 2^53 as bigint, everything else as number. */
export function parseOracle<T>(text: string): T {
  return parse(text, undefined, asRead) as T;
}

function asRead(text: string): number | bigint {
  const value = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}

/** Microseconds since 1970 of a time as Python writes it; naive ones are UTC. */
export function microsOfIso(text: string): bigint {
  const [, seconds = '', fraction = '0', zone = ''] = /^(.{19})(?:\.(\d{6}))?(.*)$/.exec(text) ?? [];
  return BigInt(Date.parse(`${seconds}${zone || 'Z'}`)) * 1000n + BigInt(fraction);
}
