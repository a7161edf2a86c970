import { type Freshness, freshness } from '../inspection/freshness.ts';
import { PackageFolder } from '../package/package-folder.ts';
import type { Project } from './project.ts';

/** How old everything is, and what to do. */
export interface FreshnessView extends Freshness {
  readonly destinationType: string;
  /** Load packages that the next run loads. */
  readonly pending: number;
  /** Those that no run loads. */
  readonly setAside: number;
}

export async function freshnessView({ placed: { config }, effects }: Project): Promise<FreshnessView> {
  const folder = new PackageFolder(config.pipeline.working_dir);
  return {
    ...(await freshness(config, effects.now())),
    destinationType: config.pipeline.destination.type,
    pending: (await folder.pending()).length,
    setAside: (await folder.rejected()).length,
  };
}
