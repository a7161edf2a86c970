import type { Position } from './page.ts';
import type { ChainPlace } from './page-reader.ts';
import type { Values } from './url.ts';

/** Where a resource with an endpoint stands: the content of its Position. */
export interface Progress {
  /** The values of every chain, resolved once for the run. */
  readonly chains: readonly Values[];
  /** Index of the chain to read next, or to continue. */
  readonly chain: number;
  /** Where that chain continues; null at its start. */
  readonly place: ChainPlace | null;
  /** Index of the endpoint that answered: 0, or a fallback's; null until one did. */
  readonly endpoint: number | null;
  /** Chains without a reply that counted, by reason: `{ 404: 2 }`. */
  readonly ignored: Readonly<Record<string, number>>;
}

export function positionOf(progress: Progress): Position {
  return { ...progress };
}

/** The progress in a position that `positionOf` made; null for any other. */
export function progressOf(position: Position | null | undefined): Progress | null {
  if (!isProgress(position)) return null;
  const { chains, chain, place, endpoint, ignored } = position;
  return { chains, chain, place, endpoint, ignored };
}

// --- internal ---

function isProgress(position: unknown): position is Progress {
  const keys = ['chains', 'chain', 'place', 'endpoint', 'ignored'];
  return typeof position === 'object' && position !== null && keys.every((key) => Object.hasOwn(position, key));
}
