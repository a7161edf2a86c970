import type { ReplyKeeping } from '../archive/reply-keeping.ts';
import type { ClientConfig } from '../config/grammar/client-schema.ts';
import type { Secret } from '../config/secret.ts';
import type { Effects } from '../effects.ts';
import type { FileStore } from '../files/file-store.ts';
import type { Findings } from '../findings.ts';
import type { IncrementalStart } from '../incremental/incremental-start.ts';
import type { KnownReply } from '../package/known-reply.ts';
import type { RequestRow } from '../schema/requests-table.ts';
import type { ChainSeeds } from './chain-seeds.ts';
import type { Lookahead } from './lookahead.ts';
import type { Position, Waiting } from './page.ts';
import type { Budget } from './paid/budget.ts';

/** `--limit`: how much of a resource is wanted. */
export interface RecordLimit {
  /** Over all its requests. */
  readonly records: number;
  /** Nothing is there that a cut list could take away. */
  readonly isTableNew: boolean;
}

/** What one resource needs from the run that extracts it. */
export interface ExtractContext {
  /** `source.client`. Without one a resource needs an absolute `path`. */
  readonly client?: ClientConfig | undefined;
  /** What the resources of a run share. Default: one request at a time. */
  readonly lookahead?: Lookahead | undefined;
  readonly effects: Effects;
  /** Aborted: the resource ends after the current page with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** What it asks for. Default: once, without any values. */
  readonly seeds?: ChainSeeds | undefined;
  /** What an incremental resource begins with. */
  readonly incremental?: IncrementalStart | undefined;
  /** How many of its records are wanted. Default: all */
  readonly limit?: RecordLimit | undefined;
  /** Continue after this position in the chains of `seeds`; null or absent starts anew. */
  readonly position?: Position | null | undefined;
  /** Where the tables may stay as they are if the source answers what was loaded last: what is remembered of that. */
  readonly known?: { readonly last: KnownReply | undefined } | undefined;
  /** Masked by value in records, messages, traces and positions. */
  readonly secrets: readonly Secret[];
  readonly findings: Findings;
  /** Of the run. Default: nothing is limited, and nobody counts. */
  readonly budget?: Budget | undefined;
  /** What keeps replies, or gives them again. */
  readonly replies?: ReplyKeeping | undefined;
  /** What `_elt_requests` gets of a reply that led to no page. */
  onCaptured?(row: RequestRow): void;
  /** Before a request is sent again, and while a reply is slow. */
  onWaiting?(waiting: Waiting): void;
  /** Where replies that are files are kept. Without it they stay in a column. */
  readonly files?: FileStore | undefined;
  /** Keep long fractions exact: a column is decimal or wei. */
  readonly exactNumbers: boolean;
}
