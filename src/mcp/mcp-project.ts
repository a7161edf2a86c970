import type { PlacedConfig } from '../config/load-config.ts';
import type { Effects } from '../effects.ts';
import type { LimitedAnswer, QueryLimits } from '../inspection/live-query.ts';

/** What the tools ask, and what they may. */
export interface McpProject {
  /** Reads the configuration anew: it may have been changed since the last call. */
  readonly load: () => Promise<PlacedConfig>;
  /** What messages call the file. */
  readonly shownFile: string;
  /** SQL that somebody else wrote. */
  readonly ask: (sql: string, limits: QueryLimits) => Promise<LimitedAnswer>;
  readonly effects: Effects;
  /** `--allow-network` */
  readonly mayPreview: boolean;
  /** `--allow-run` */
  readonly mayRun: boolean;
}
