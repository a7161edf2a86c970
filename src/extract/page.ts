import type { RequestTrace, Retry } from '../findings.ts';
import type { HighWater } from '../incremental/record-filter.ts';
import type { Json } from '../json/json-value.ts';
import type { KnownReply } from '../package/known-reply.ts';
import type { RequestRow } from '../schema/requests-table.ts';
import type { MaskedHeaders } from './http/masked-headers.ts';

/** Where a resource stands after a page: plain JSON, kept in the load package, given back to continue. */
export type Position = Readonly<Record<string, unknown>>;

/** What is known of a reply beside its body. */
export interface ReplyFacts extends RequestTrace {
  readonly status: number;
  /** Of the last attempt and the last hop. No secrets. */
  readonly headers: MaskedHeaders;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** One reply's worth of records. */
export interface Page {
  readonly records: readonly Json[];
  /** The position after this page; committed together with its rows. */
  readonly position: Position;
  /** `GET /models?page=2`, for messages about a record of this page. No secrets. */
  readonly request: string;
  /** Absent for the records of a program's own. */
  readonly reply?: ReplyFacts;
  /** What `_elt_requests` gets of the reply. */
  readonly captured?: RequestRow | undefined;
}

/** What somebody who watches should know while nothing comes. Secrets are masked in `request`, `GET /models?page=2`. */
export type Waiting =
  | ({ readonly kind: 'retry'; readonly request: string; readonly attempts: number } & Retry)
  | { readonly kind: 'pause'; readonly request: string; readonly host: string; readonly milliseconds: number }
  | { readonly kind: 'slow'; readonly request: string; readonly milliseconds: number }
  | { readonly kind: 'poll'; readonly open: number; readonly of: number; readonly until: string };

/** How a resource ended, for the report and the exit code. */
export interface ExtractOutcome {
  /**
   * `skipped`: no parameter values. `ignored`: every reply was ignored, or empty where `allow_empty` says so. `unchanged`: the
   * source answered what was loaded last.
   */
  readonly status: 'extracted' | 'unchanged' | 'skipped' | 'ignored';
  readonly records: number;
  readonly requests: number;
  /** What a person should know: the fall-back that answered, ids that had expired, a guessed paginator. */
  readonly notes: readonly string[];
  /** Nothing of the source is missing in the records: what an earlier load had and this one lacks is gone. */
  readonly isWhole?: boolean;
  /** Why it is none, where neither a list nor a reply is to blame. */
  readonly partOf?: string | undefined;
  /** So many of its chains were over when it was stopped before the others. */
  readonly stoppedAfter?: number;
  /** From where the next run of an incremental resource goes on. */
  readonly reached?: HighWater | undefined;
  /** What the next run can tell an unchanged reply by. */
  readonly reply?: KnownReply | undefined;
}
