/** Something that a server counts, as a reply tells of it. */
export interface Quota {
  readonly isUsedUp: boolean;
  /** Milliseconds until there is more of it; null where that is not said. */
  readonly wait: number | null;
}

/** RapidAPI counts several things, each under its name: `x-ratelimit-credits-remaining`, `x-ratelimit-requests-reset`. */
export function quotasByHeader(headers: Headers, waitOf: (reset: string) => number | null): Quota[] {
  const names = [...headers.keys()].flatMap((header) => /^x-ratelimit-(.+)-remaining$/.exec(header)?.[1] ?? []);
  return names.map((name) => {
    const reset = headers.get(`x-ratelimit-${name}-reset`);
    const isUsedUp = isNothing(headers.get(`x-ratelimit-${name}-remaining`));
    return { isUsedUp, wait: reset === null ? null : waitOf(reset) };
  });
}

/**
 * What one header tells of all, by the drafts of https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/:
 * `"burst";r=0;t=30, "day";r=900;t=3600`, and before the eighth of them `limit=100, remaining=0, reset=30`.
 */
export function quotasInOne(header: string | null, waitOf: (reset: string) => number | null): Quota[] {
  if (header === null || header.length > LONGEST) return [];
  const members = /(^|,)\s*remaining=/.test(header) ? [header] : header.split(',');
  return members.flatMap((member) => {
    const left = /(?:;\s*r|(?:^|,)\s*remaining)=(\d{1,15})/.exec(member)?.[1];
    const reset = /(?:;\s*t|(?:^|,)\s*reset)=(\d{1,15})/.exec(member)?.[1];
    if (left === undefined) return [];
    return [{ isUsedUp: isNothing(left), wait: reset === undefined ? null : waitOf(reset) }];
  });
}

export function isNothing(text: string | null): boolean {
  return /^\s*0+\s*$/.test(text ?? '');
}

// --- internal ---

const LONGEST = 1000;
