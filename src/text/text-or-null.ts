/** A value of a row as text; null where there is none. */
export function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
