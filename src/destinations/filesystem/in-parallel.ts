/** So many requests are under way at once. */
const MOST = 8;

/** Does it with each, a few at a time; the results in the order of the items. */
export async function inParallel<T, U>(items: readonly T[], work: (item: T) => Promise<U>): Promise<U[]> {
  const results: U[] = [];
  for (let at = 0; at < items.length; at += MOST) {
    results.push(...(await Promise.all(items.slice(at, at + MOST).map(work))));
  }
  return results;
}
