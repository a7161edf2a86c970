import type { HighWater } from '../incremental/record-filter.ts';
import type { Position } from './page.ts';
import type { Rest } from './paginators/rest.ts';
import type { ChainPlace } from './reply/page-reader.ts';

/**
 * Where a resource with an endpoint stands: the content of its Position. The chains themselves are not part of it: they are
 * the same for every page.
 */
export interface Progress {
  /** Index of the chain to read next, or to continue; the number of chains when all were read. */
  readonly chain: number;
  /** Where that chain continues; null at its start. */
  readonly place: ChainPlace | null;
  /** Index of the endpoint that answered: 0, or a fallback's; null until one did. */
  readonly endpoint: number | null;
  /** Chains without a reply that counted, by reason: `{ 404: 2 }`. */
  readonly ignored: Readonly<Record<string, number>>;
  /** What was not read of lists, and of how many; by the key of a rest. */
  readonly rests: Readonly<Record<string, CountedRest>>;
  /** Chains of which the last page was read. */
  readonly ended: number;
  /** A reply had what leads on from page to page. */
  readonly isLed: boolean;
  /** A reply ended the resource. */
  readonly stop?: StoppedAt | undefined;
  /** Its only reply is what was loaded last: no page of it is delivered. */
  readonly isUnchanged?: boolean;
  /** How far an incremental resource was read; null before its first page, and for any other. */
  readonly reached: HighWater | null;
}

interface StoppedAt {
  /** `GET /posts?page=3 (429)`; null before a request that was not sent. */
  readonly at: string | null;
  /** Chains that were over before; absent in positions of earlier versions. */
  readonly over?: number;
  /** Chains of which nothing was read because of it. */
  readonly unread: number;
}

interface CountedRest {
  readonly rest: Rest;
  readonly chains: number;
}

const START: Progress = {
  chain: 0,
  place: null,
  endpoint: null,
  ignored: {},
  rests: {},
  ended: 0,
  isLed: false,
  reached: null,
};

export function positionOf(progress: Progress): Position {
  return { ...progress };
}

/** The progress in a position that `positionOf` made; the start for any other. */
export function progressOf(position: Position | null | undefined): Progress {
  if (!isProgress(position)) return START;
  const { chain, place, endpoint, ignored, rests = {}, ended = 0, isLed = false, stop, reached = null } = position;
  return { chain, place, endpoint, ignored, rests, ended, isLed, reached, ...(stop === undefined ? {} : { stop }) };
}

// --- internal ---

type Kept = Omit<Progress, 'rests' | 'ended' | 'isLed' | 'reached'> & Partial<Progress>;

function isProgress(position: unknown): position is Kept {
  const keys = ['chain', 'place', 'endpoint', 'ignored'];
  return typeof position === 'object' && position !== null && keys.every((key) => Object.hasOwn(position, key));
}
