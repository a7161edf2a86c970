import { PipelineError } from '../errors.ts';

/** Of a kind of destination that the grammar knows and the program does not have. */
export function notYet(type: string): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `The destination \`${type}\` is not there yet.`,
    hint: 'Use `destination: duckdb`.',
    facts: { type },
  });
}
