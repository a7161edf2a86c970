import type { ChainRead } from './chain-read.ts';
import type { Ending } from './paginator.ts';
import { isOfWholeList, type Sign, type Signs } from './signs.ts';

export interface ChainEnding {
  /** Of the last reply. */
  readonly signs: Signs;
  /** `ignored`: a later reply that `response_actions` ignore, or that is empty; `stopped`: one that they stop at. */
  readonly ending: Ending | 'ignored' | 'stopped';
  readonly read: ChainRead;
  /** What was read is a list from its start, and the configuration does not say that totals mean something else. */
  readonly isComparable: boolean;
}

/**
 * What the last reply of a chain says about records that were not read; nothing where the list was read to its end. A flag
 * that says so ends a list whatever else there is; a total that is reached makes a further link one that is always there; and
 * what stands beside a paginator that ended by itself counts only if it is sure.
 */
export function unreadRest(chain: ChainEnding): readonly Sign[] {
  const { signs, ending } = chain;
  const { unread, isWhole } = compared(chain);
  if (ending === 'stopped') return unread;
  if (ending === 'ignored') return unread.filter(({ kind }) => kind === 'total');
  const flags = ofKind(signs, 'flag');
  if (ending === 'maximum' || ending === 'flag' || (flags.length === 0 && signs.isEnd)) return [];
  const next = isWhole || ending === 'empty' ? [] : ofKind(signs, 'next');
  const isOpen = ending === 'single' || ending === 'unseen' || ending === 'more';
  const isLedOn = isOpen && !isWhole && !signs.hasNoNext && next.length === 0;
  return [...flags, ...next, ...(isLedOn ? ofKind(signs, 'cursor') : []), ...unread];
}

/** True if the reply itself shows that nothing is missing. */
export function showsEnd(chain: ChainEnding): boolean {
  return chain.signs.isEnd || chain.signs.hasNoNext || compared(chain).isWhole;
}

// --- internal ---

interface Compared {
  /** Totals, and numbers of pages, that are larger than what was read. */
  readonly unread: readonly Sign[];
  /** There is one of the whole list, and none is larger. */
  readonly isWhole: boolean;
}

function compared({ signs, ending, read, isComparable }: ChainEnding): Compared {
  if (!isComparable) return { unread: [], isWhole: false };
  const totals = read.items === null ? [] : ofKind(signs, 'total');
  const unreadTotals = totals.filter(
    ({ entry, number = 0 }) => Math.min(number, read.totals[entry.place] ?? number) > (read.items ?? 0),
  );
  const hasTotal = unreadTotals.length === 0 && totals.some(({ entry }) => isOfWholeList(entry));
  const pages = ofKind(signs, 'pages');
  const unreadPages = pages.filter(({ number = 0 }) => number > read.pages && number > (signs.page ?? 0));
  // Pages of a list that leads on from one to the next need not be of one size.
  const isLed = hasTotal || (ending === 'said' && signs.hasNoNext);
  const unread = [...unreadTotals, ...(isLed ? [] : unreadPages)];
  return { unread, isWhole: unread.length === 0 && (hasTotal || pages.length > 0) };
}

function ofKind({ all }: Signs, kind: Sign['kind']): readonly Sign[] {
  return all.filter((sign) => sign.kind === kind);
}
