import type { PipelineError } from '../errors.ts';
import { aligned } from '../text/aligned.ts';

/** One thing that was looked at. Public as `doctor --format json`: keys are only ever added. */
export interface Symptom {
  /** What was looked at: `destination`, `proxy`. */
  readonly subject: string;
  /** `fail`: a run would end because of it. `warn`: it works, and deserves a look. */
  readonly level: 'ok' | 'warn' | 'fail';
  readonly message: string;
  /** What to do. */
  readonly hint: string | null;
  /** Of a `fail`: what a run would end with. */
  readonly error: PipelineError | null;
}

export function ok(subject: string, message: string): Symptom {
  return { subject, level: 'ok', message, hint: null, error: null };
}

export function warn(subject: string, message: string, hint: string): Symptom {
  return { subject, level: 'warn', message, hint, error: null };
}

export function fail(subject: string, error: PipelineError): Symptom {
  const { message, hint } = error;
  return { subject, level: 'fail', message, hint, error };
}

/** For people: a line for each, below it what to do. */
export function doctorText(symptoms: readonly Symptom[]): string {
  const rows = symptoms.flatMap(({ level, subject, message, hint }) => [
    ...message.split('\n').map((line, index) => (index === 0 ? [level, subject, line] : ['', '', line])),
    ...(hint === null ? [] : [['', '', `→ ${hint}`]]),
  ]);
  return aligned(rows, ['left', 'left', 'left']).join('\n');
}
