import { type ErrorCode, type ErrorFacts, PipelineError } from '../errors.ts';
import type { LimitedAnswer, QueryLimits } from './live-query.ts';
import type { RowsFile } from './rows-file.ts';

/** What is asked of the process of a QueryProcess, a line of JSON each. */
export type ProcessQuestion =
  | { readonly sql: string; readonly limits: Omit<QueryLimits, 'signal'> }
  | { readonly sql: string; readonly file: RowsFile };

/** What it says: first that it listens, then an answer to each question. */
export type ProcessAnswer =
  | { readonly ready: true }
  | { readonly answer: LimitedAnswer }
  | { readonly saved: true }
  | { readonly error: { code: ErrorCode; message: string; hint: string; facts: ErrorFacts } };

/** It comes from this program: nobody else writes to that pipe. */
export function parsedQuestion(line: string): ProcessQuestion {
  const question: ProcessQuestion = JSON.parse(line);
  return question;
}

export function parsedAnswer(line: string): ProcessAnswer {
  const answer: ProcessAnswer = JSON.parse(line);
  return answer;
}

/** Whoever answered has ended, or still is at it. */
export function isStopped({ facts }: PipelineError): boolean {
  return facts.isEnded === true || facts.seconds !== undefined;
}

export function tookTooMuch(): PipelineError {
  return new PipelineError({
    code: 'QueryFailed',
    message: 'The query took too much memory and was stopped.',
    hint: 'Ask for less: a condition on a column, fewer joins, shorter texts and lists.',
    facts: { isEnded: true },
  });
}
