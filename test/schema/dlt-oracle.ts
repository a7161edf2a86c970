import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'lossless-json';

/** dlt's recorded answers, beside the repository; tests that need them skip where they are absent. */
const folder = path.resolve(import.meta.dirname, '../../../shared/dlt-oracle');

export const hasOracle = existsSync(folder);

/** Numbers as our parsers give them: integers beyond 2^53 as bigint, everything else as number. */
export function readOracle<T>(file: string, empty: T): T {
  if (!hasOracle) return empty;
  return parse(readFileSync(path.join(folder, file), 'utf8'), undefined, asRead) as T;
}

function asRead(text: string): number | bigint {
  const value = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}
