import { PipelineError } from '../errors.ts';
import { reasonOf } from './reason.ts';

/** DestinationFailed: what is downloaded cannot be kept. */
export function replyFileError(thrown: unknown, path: string): PipelineError {
  if (thrown instanceof PipelineError) return thrown;
  return new PipelineError({
    code: 'DestinationFailed',
    message: `What was downloaded cannot be written to ${path}: ${reasonOf(thrown)}.`,
    hint: 'Make room there and let this user write, or name another folder in `pipeline.destination.files_dir`; then run again.',
    facts: { path },
    cause: thrown,
  });
}
