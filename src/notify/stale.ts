/** When a resource was last loaded well, or was found unchanged. */
export interface LastLoad {
  readonly resource: string;
  /** Milliseconds since 1970; null where no good load of it is known. */
  readonly at: number | null;
}

/** Those whose last good load is older than `maxAge` (milliseconds), or is not known. */
export function staleResources(loads: readonly LastLoad[], maxAge: number, now: number): LastLoad[] {
  return loads.filter(({ at }) => at === null || now - at > maxAge);
}
