import { resolve } from 'node:path';
import { PipelineError } from '../errors.ts';

/** The folder that relative paths start from. Throws UsageInvalid when somebody removed it. */
export function currentFolder(): string {
  try {
    return resolve('.');
  } catch (cause) {
    throw new PipelineError({
      code: 'UsageInvalid',
      message: 'The current folder does not exist any more.',
      hint: 'Change into one that does (`cd "$PWD"` where it was made anew), then run again.',
      cause,
    });
  }
}
