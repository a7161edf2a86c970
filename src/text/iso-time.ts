/** Milliseconds since 1970 as `2026-01-15T12:00:00.000Z`: how reports and logs write a time. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
