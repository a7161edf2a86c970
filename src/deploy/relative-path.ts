import path from 'node:path';
import { PipelineError } from '../errors.ts';

/** A path as it is within the project, with `/`: what is built or checked out elsewhere has nothing else. */
export function relativeTo(folder: string, file: string): string {
  const relative = path.relative(folder, file);
  if (relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative)) {
    return relative.split(path.sep).join('/');
  }
  throw new PipelineError({
    code: 'UsageInvalid',
    message: `${file} is outside of ${folder}, which is all that there is where this runs.`,
    hint: 'Give the configuration, the DuckDB file and the working folder places in the folder that has the package.json.',
    facts: { path: file },
  });
}
