import { z } from 'zod';
import { sinceTime } from '../../inspection/since.ts';

export function most(usual: number, limit: number) {
  return z.int().min(1).max(limit).default(usual).describe(`How many at most, up to ${limit}`);
}

export const since = z
  .string()
  .max(40)
  .optional()
  .describe('Of runs that began since: `2d`, `36h`, or a time such as 2026-01-15T12:00:00Z. Default: all');

/** Milliseconds since 1970. Throws UsageInvalid. */
export function timeOf(text: string | undefined, now: number): number | undefined {
  return sinceTime(text, now);
}
