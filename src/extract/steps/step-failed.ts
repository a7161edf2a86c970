import { TookTooLong } from '../../duckdb/interrupt.ts';
import { isOutOfMemory } from '../../duckdb/out-of-memory.ts';
import { PipelineError } from '../../errors.ts';
import { printable } from '../../text/printable.ts';

/** The text of an expression with its kind, `filter: price > 5`, and where in the resource it stands, `processing_steps`. */
export interface StepPlace {
  readonly step: string;
  readonly resource: string;
  readonly key: string;
}

/** What DuckDB says of an expression on a page, without what stands below it. */
export function expressionFailed({ step, resource, key }: StepPlace, error: unknown): unknown {
  if (error instanceof PipelineError || !(error instanceof Error)) return error;
  if (error instanceof TookTooLong) {
    return failed(`took longer than ${error.limit / 1000} seconds for one page`, 'Make it do less.', 'ConfigInvalid');
  }
  if (isOutOfMemory(error)) return failed('needs too much memory', 'Make it do less.', 'ConfigInvalid');
  const [reason = ''] = error.message.split(/\n\n|\n\tCandidate/, 1);
  const isAboutValues = /^(Conversion|Out of Range|Invalid Input) Error/.test(reason);
  return failed(
    `failed: ${reason.replaceAll('\n', ' ')}`,
    isAboutValues
      ? 'A record has a value that it cannot take: `try_cast(… as …)` makes such a one null.'
      : "Objects and lists are JSON (`author->>'name'`), texts are not dates before a cast (`created_at::timestamp`).",
    isAboutValues ? 'ReplyUnusable' : 'ConfigInvalid',
  );

  function failed(what: string, hint: string, code: 'ConfigInvalid' | 'ReplyUnusable'): PipelineError {
    return new PipelineError({
      code,
      message: `\`${printable(step)}\` in \`${key}\` of \`${resource}\` ${printable(what)}`,
      hint,
      facts: { resource, step },
      cause: error,
    });
  }
}

/** Two keys of one record that an expression cannot tell apart. */
export function oneColumn({ step, resource, key }: StepPlace, one: string, other: string): PipelineError {
  return new PipelineError({
    code: 'ReplyUnusable',
    message: `\`${printable(step)}\` in \`${key}\` of \`${resource}\`: \`${printable(one)}\` and \`${printable(other)}\` are one column in SQL, and records have both.`,
    hint: `Call one of them something else in a step before: \`rename: { ${printable(other)}: … }\`.`,
    facts: { resource, step },
  });
}

/** Two values for one key: one of them would be lost. */
export function renamedTwice(resource: string, from: string, to: string): PipelineError {
  return new PipelineError({
    code: 'ReplyUnusable',
    message: `\`rename\` in \`processing_steps\` of \`${resource}\`: \`${printable(from)}\` cannot be called \`${printable(to)}\`, for a record has that already.`,
    hint: `Give it another name, or take \`${printable(to)}\` away before (\`exclude\`).`,
    facts: { resource, from, to },
  });
}
