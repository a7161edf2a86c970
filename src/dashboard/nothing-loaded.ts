import { PipelineError } from '../errors.ts';

/** Where nothing was loaded yet there is nothing to ask. */
export function nothingLoadedIsUndefined(thrown: unknown): undefined {
  if (thrown instanceof PipelineError && thrown.code === 'UsageInvalid') return undefined;
  throw thrown;
}
