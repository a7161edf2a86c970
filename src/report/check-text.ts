import type { PipelineError } from '../errors.ts';
import { aligned } from '../text/aligned.ts';
import { count } from '../text/count.ts';
import { seconds } from '../text/duration.ts';
import { plainText } from '../text/plain-text.ts';
import { amountText } from './cost-notes.ts';

/** How the source answered when each resource was asked once. Public as `check --format json`: keys are only ever added. */
export interface SourceCheck {
  readonly pipeline: string;
  readonly currency: string;
  /** In the order of a run. */
  readonly resources: readonly CheckedResource[];
}

export interface CheckedResource {
  readonly name: string;
  readonly status: 'ok' | 'failed' | 'not_asked';
  /** `GET /models?page=1`, the last one that was sent; no secrets. Null where nothing was. */
  readonly request: string | null;
  /** Of the reply; null where none came. */
  readonly httpStatus: number | null;
  /** Until the reply was there, a second attempt included. */
  readonly milliseconds: number | null;
  readonly requests: number;
  readonly bytes: number;
  /** Of the first page; null where none came. */
  readonly records: number | null;
  /** Of the account, in `currency`, as the reply said it (`client.balance_header`). */
  readonly balance: number | null;
  /** Why nothing was asked for, and what a person should know. */
  readonly notes: readonly string[];
  readonly error: PipelineError | null;
}

/** For people: a line a resource. */
export function checkText({ pipeline, resources, currency }: SourceCheck): string {
  const rows = resources.map((resource) => [
    resource.name,
    resource.status.replace('_', ' '),
    [resource.request, resource.httpStatus].filter((part) => part !== null).join(' → '),
    resource.milliseconds === null ? '' : latency(resource.milliseconds),
    resource.records === null ? '' : count(resource.records, 'record'),
    [
      ...(resource.balance === null ? [] : [`balance ${amountText(resource.balance, currency)}`]),
      ...resource.notes,
    ].join(', '),
  ]);
  const lines = aligned(rows, ['left', 'left', 'left', 'right', 'right', 'left']);
  return [`The source of ${plainText(pipeline)}, each resource asked for its first page:`, ...lines].join('\n');
}

// --- internal ---

function latency(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : seconds(milliseconds);
}
