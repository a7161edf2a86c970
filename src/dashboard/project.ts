import { stat } from 'node:fs/promises';
import type { PlacedConfig } from '../config/load-config.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import type { Effects } from '../effects.ts';
import type { QueryProcess } from '../inspection/query-process.ts';
import { runsFile } from '../ledger/runs-file.ts';

/** What a dashboard is of. */
export interface Project {
  readonly placed: PlacedConfig;
  /** What messages call the configuration. */
  readonly shownFile: string;
  /** SQL that somebody wrote: where it may take any memory and not listen. */
  readonly ask: QueryProcess['ask'];
  /** The same for all rows, as a file. */
  readonly save: QueryProcess['save'];
  readonly effects: Effects;
}

/** Another text after each run and each publish. Nothing is opened for it: whoever loads does not notice. */
export async function publishedVersion({ placed: { config } }: Project): Promise<string> {
  const files = [destinationOf(config).location, runsFile(config.pipeline.working_dir)];
  const states = await Promise.all(files.map((path) => stat(path, { bigint: true }).catch(() => undefined)));
  return states.map((state) => (state === undefined ? '-' : `${state.ino}.${state.size}.${state.mtimeNs}`)).join(' ');
}
