import { exitCodes, type PipelineError } from '../errors.ts';
import { escapedControls } from '../json/escaped-controls.ts';
import { isoTime } from '../text/iso-time.ts';
import type { Trace } from '../trace.ts';

/** Any report value as one JSON document that is safe to print. Bigints become numbers where exact, else text; milliseconds are whole. */
export function jsonDocument(value: unknown): string {
  return escapedControls(JSON.stringify(value, jsonMember, 2));
}

/** The same in one line. */
export function jsonLine(value: unknown): string {
  return escapedControls(JSON.stringify(value, jsonMember));
}

/** The trace for programs: the keys of {@link Trace}, always in this order; times in ISO 8601, UTC. Public: keys are only ever added. */
export function jsonReport(trace: Trace): string {
  const { failure } = trace;
  return jsonDocument({
    pipeline: trace.pipeline,
    dataset: trace.dataset,
    destination: trace.destination,
    destinationType: trace.destinationType,
    startedAt: isoTime(trace.startedAt),
    finishedAt: isoTime(trace.finishedAt),
    milliseconds: trace.finishedAt - trace.startedAt,
    loadMilliseconds: trace.loadMilliseconds,
    published: trace.published,
    ...(trace.isDry === true ? { isDry: true } : {}),
    cost: trace.cost ?? null,
    exitCode: trace.exitCode,
    failure:
      failure === undefined
        ? null
        : { code: failure.code, message: failure.message, hint: failure.hint, loadId: failure.loadId },
    resources: trace.resources,
    packages: trace.packages,
    counts: trace.counts,
    notes: trace.notes,
  });
}

/** What failed before there was a trace, under the trace's keys. Public: keys are only ever added. */
export function jsonFailure(error: PipelineError): string {
  return jsonDocument(failureMembers(error));
}

/** How a command ended, in its document. */
export function failureMembers(error: PipelineError | undefined) {
  if (error === undefined) return { exitCode: exitCodes.ok, failure: null };
  const { code, message, hint, facts, exitCode } = error;
  return { exitCode, failure: { code, message, hint, loadId: null, facts } };
}

function jsonMember(key: string, value: unknown): unknown {
  if (typeof value === 'number' && /milliseconds$/i.test(key)) return Math.round(value);
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}
