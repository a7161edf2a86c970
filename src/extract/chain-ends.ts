import { type ChainEnd, EMPTY, type Stopped } from './chain.ts';
import type { ChainSeed } from './chain-seeds.ts';
import { chainName } from './continued-chains.ts';
import type { ExtractOutcome } from './page.ts';
import type { Rest } from './paginators/rest.ts';
import type { Progress } from './position.ts';
import { saidOfRests, withEnd } from './reply/unread-lists.ts';

/** Instead of a request: nobody wanted more records. */
export const BY_LIMIT = '--limit';

/** The progress after a chain of a resource that has `of`. */
export function afterChain(
  progress: Progress,
  endpoint: number,
  end: Exclude<ChainEnd, { kind: 'not_found' }>,
  of: number,
): Progress {
  const next = { ...progress, chain: progress.chain + 1, place: null };
  if (end.kind === 'read') return withEnd({ ...next, endpoint }, end);
  if (end.kind === 'unchanged') return { ...next, endpoint, isUnchanged: true };
  if (end.kind === 'stopped') {
    const unread = of - progress.chain - (end.isFirst ? 0 : 1);
    return {
      ...next,
      endpoint: end.isFirst ? progress.endpoint : endpoint,
      chain: of,
      stop: { at: end.at, unread, over: progress.chain },
    };
  }
  const count = (progress.ignored[end.reason] ?? 0) + 1;
  return { ...next, ignored: { ...progress.ignored, [end.reason]: count } };
}

export function statusOf({ ignored, stop, isUnchanged }: Progress, of: number): ExtractOutcome['status'] {
  if (isUnchanged === true) return 'unchanged';
  return of > 0 && sum(ignored) + (stop?.unread ?? 0) === of ? 'ignored' : 'extracted';
}

/** Every list was read, and none shows more than that. */
export function areReadWhole(progress: Progress, of: number): boolean {
  return progress.ended === of && saidOfRests(progress, of).length === 0;
}

/** What is to be said of chains that did not end with a last page. */
export function notesOfEnds(progress: Progress, chains: readonly ChainSeed[]): string[] {
  const stopped = progress.stop === undefined ? [] : [stopText(progress, chains.length)];
  return [...ignoredNotes(progress, chains), ...stopped];
}

/** What a resource that was stopped has not read, where something is known to be there; `progress` is that after it. */
export function restOfStopped(progress: Progress, { goesOn }: Stopped, of: number): Rest | undefined {
  const isCut = goesOn || (progress.stop?.unread ?? 0) > 0;
  if (!isCut || statusOf(progress, of) !== 'extracted') return undefined;
  const advice =
    progress.stop?.at === BY_LIMIT
      ? 'leave `--limit` out, or only look: dezgo-elt preview'
      : 'use `write_disposition: merge`, or `action: ignore` where only one list is to end there';
  return { kind: 'rest', key: 'stopped', says: stopText(progress, of), so: '', advice, isSure: true };
}

/** What stopped a list; `at` is null before a request that may not be paid. */
export function stoppedBy(at: string | null, what = 'it'): string {
  if (at === BY_LIMIT) return `\`--limit\` stopped ${what}`;
  return at === null
    ? `a limit of costs stopped ${what} before a paid request`
    : `\`response_actions\` stopped ${what} at ${at}`;
}

// --- internal ---

function stopText({ stop }: Progress, of: number): string {
  const { at = null, unread = 0 } = stop ?? {};
  const ids = of === 1 || unread === 0 ? '' : `, ${unread} of ${of} ids were not read`;
  return `${stoppedBy(at)}${ids}`;
}

function ignoredNotes({ ignored }: Progress, chains: readonly ChainSeed[]): string[] {
  const isAlone = chains.length === 1 && chainName(chains[0]?.values ?? {}) === '';
  return Object.entries(ignored).map(([reason, count]) => {
    const isEmpty = reason === EMPTY;
    if (isAlone) return `the reply was ${isEmpty ? 'empty' : `ignored (${reason})`}`;
    const what = `${count === 1 ? 'was' : 'were'} ignored (${reason})`;
    return `${count} of ${chains.length} ids ${isEmpty ? 'had an empty reply' : what}`;
  });
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
