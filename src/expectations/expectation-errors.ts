import { TookTooLong } from '../duckdb/interrupt.ts';
import { isOutOfMemory } from '../duckdb/out-of-memory.ts';
import { PipelineError } from '../errors.ts';
import { statementFault } from '../load/asker.ts';
import { type ExpectationTrace, expectationText } from '../trace.ts';
import type { Expectation } from './expectation.ts';

/** ExpectationFailed for those that do not hold, of which there is one at least. */
export function notMet(failed: readonly ExpectationTrace[]): PipelineError {
  const [first] = failed;
  const others = failed.length === 1 ? '' : ` So are ${failed.length - 1} more.`;
  return new PipelineError({
    code: 'ExpectationFailed',
    message: `${first === undefined ? '' : expectationText(first)}.${others} Nothing was published.`,
    hint: 'Look at what the source answers; the report shows rows. What may be so has `severity: warn`: docs/expectations.md.',
    facts: { expectations: failed.map(({ name }) => name), failing: first?.failing },
  });
}

/**
 * What asking threw. SQL that fits nothing is the configuration's fault, and what was extracted waits until that is corrected; a
 * value that it cannot work with is the rows' fault, and the same as not holding.
 */
export function askingFailed(thrown: unknown, { name }: Expectation, dataset: string): unknown {
  if (thrown instanceof PipelineError || !(thrown instanceof Error) || isOutOfMemory(thrown)) return thrown;
  if (thrown instanceof TookTooLong) return wrong(name, `took longer than ${thrown.limit / 1000} s`, dataset, thrown);
  const reason = (thrown.message.split('\n\n', 1)[0] ?? '').replaceAll('\n', ' ');
  const fault = statementFault(thrown);
  if (fault === 'statement' || fault === 'rights') return wrong(name, `cannot be asked: ${reason}`, dataset, thrown);
  if (fault === undefined) return thrown;
  return new PipelineError({
    code: 'ExpectationFailed',
    message: `The expectation \`${name}\` cannot be asked of these rows: ${reason}. Nothing was published.`,
    hint: 'Look at what the source answers, or let the SQL cope with it: `try_cast`, say.',
    facts: { expectation: name, duckdb: reason },
    cause: thrown,
  });
}

// --- internal ---

function wrong(name: string, what: string, dataset: string, cause: Error): PipelineError {
  return new PipelineError({
    code: 'ConfigInvalid',
    message: `The expectation \`${name}\` ${what}. Nothing was published.`,
    hint: `Correct it; the dataset \`${dataset}\` is its search path.`,
    facts: { expectation: name },
    cause,
  });
}
