import { realEffects } from '../effects.ts';
import { type ProgressLog, progressLog, progressStyle } from '../report/progress.ts';
import type { CommonOptions, Terminal } from './terminal.ts';

/** Warnings and progress as the options want them. */
export function openLog(
  { stderr, env }: Pick<Terminal, 'stderr' | 'env'>,
  { progress, quiet = false }: Pick<CommonOptions, 'progress' | 'quiet'>,
): ProgressLog {
  return progressLog(stderr, progressStyle(progress, stderr, env), quiet, realEffects.now);
}
