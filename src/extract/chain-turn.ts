import type { Say } from './chains-ahead.ts';
import type { LinkedStop } from './linked-stop.ts';
import type { Progress } from './position.ts';

/** One chain, and how it stands to the others. */
export interface ChainTurn {
  readonly index: number;
  readonly place: Progress['place'];
  readonly endpoint: number;
  /** It is known that this endpoint answers. */
  readonly isSettled: boolean;
  readonly say: Say;
  /** Of one that is read ahead. */
  readonly stop?: LinkedStop;
  /** It waits to be asked again. */
  readonly onWait?: () => void;
}
