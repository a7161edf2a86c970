import type { UntimedEvent } from '../events.ts';
import type { PackageResource } from '../package/layout.ts';
import type { ResourceTrace } from '../trace.ts';
import { nothingAsked } from './request-tally.ts';
import { failedBefore } from './resource-failure.ts';
import type { ResourceProgress } from './resource-progress.ts';
import type { RunResource } from './select-resources.ts';

/** What an earlier run did, of which this one continues the package. */
export function earlierTrace({ resource: name, status, records, requests, notes }: PackageResource): ResourceTrace {
  const error = status === 'failed' ? { error: failedBefore(name) } : {};
  return { name, status: traceStatus(status), records, requests, ...nothingAsked, notes, ...error };
}

/** `since`: the load that an unchanged reply was loaded by. */
export function progressTrace(
  { name, isOnlyRead }: RunResource,
  { document, requests, tally }: ResourceProgress,
  status: ResourceTrace['status'],
  since: string | undefined,
): Omit<ResourceTrace, 'milliseconds'> {
  const notes = [
    ...(status === 'unchanged' && since !== undefined ? [`unchanged since load ${since}`] : []),
    ...document.notes,
    ...(isOnlyRead === true ? ['read for its children, not loaded'] : []),
  ];
  return { name, status, records: document.records, requests, ...tally.tallied, notes };
}

export function traceStatus(status: PackageResource['status']): ResourceTrace['status'] {
  return status === 'done' || status === 'running' ? 'extracted' : status;
}

/** The same for those who are told as it happens. */
export function resourceFinished({
  name,
  status,
  records,
  requests,
  milliseconds,
  error,
}: ResourceTrace): UntimedEvent {
  const ended = { event: 'resource.finished', resource: name, status, records, requests, milliseconds } as const;
  return error === undefined ? ended : { ...ended, error };
}
