import type { PaidReplies } from '../archive/paid-replies.ts';
import type { PipelineConfig, ResolvedResource } from '../config/pipeline-config.ts';
import type { Effects } from '../effects.ts';
import type { ChainSeeds } from '../extract/chain-seeds.ts';
import type { Budget } from '../extract/paid/budget.ts';
import type { FileStore } from '../files/file-store.ts';
import type { Findings } from '../findings.ts';
import type { IncrementalStart } from '../incremental/incremental-start.ts';
import type { ResourceNormalizer } from '../normalize/resource-normalizer.ts';
import type { PackageResource } from '../package/layout.ts';
import type { LoadPackage } from '../package/load-package.ts';
import type { ContinuedSeeds } from './begun-package.ts';
import type { CapturedRequests } from './captured-requests.ts';
import type { LoadedReply } from './known-replies.ts';
import type { RunReplies } from './run-replies.ts';

/** What fills a package. */
export interface FillParts {
  readonly config: PipelineConfig;
  readonly effects: Effects;
  readonly signal: AbortSignal | undefined;
  /** The package, made when the first page needs it. */
  readonly open: () => Promise<FillingPackage>;
  /** The replies that the tables were loaded from, by resource. */
  readonly known: ReadonlyMap<string, LoadedReply>;
  /** What an earlier run did already, by resource. */
  readonly done: ReadonlyMap<string, PackageResource>;
  /** What a resource asks for now; `stop` gives the lookup up, whatever DuckDB is doing. */
  readonly seedsNow: (
    resource: ResolvedResource,
    start: IncrementalStart | undefined,
    stop: AbortSignal | undefined,
  ) => Promise<ChainSeeds>;
  /** The most records of each. */
  readonly limit: number | undefined;
  /** Whether the table of an incremental resource is to be emptied first. */
  readonly isRefreshing: (resource: ResolvedResource) => boolean;
  /** The same for resources that an earlier run began, by name. */
  readonly continued: ReadonlyMap<string, ContinuedSeeds>;
  readonly findings: Findings;
  readonly budget: Budget;
  /** Where replies that are files are kept. */
  readonly files: FileStore;
  /** Where replies that cost money are until their rows are loaded. */
  readonly paid: PaidReplies;
  readonly replies: Pick<RunReplies, 'keeping' | 'settled' | 'isReplay'>;
}

/** A package, and what depends on what the destination holds before it. */
export interface FillingPackage {
  readonly loadPackage: LoadPackage;
  /** Its file. */
  readonly path: string;
  readonly normalizer: (resource: ResolvedResource, onReject: Findings['reject']) => ResourceNormalizer;
  /** Whether long fractions are to be kept digit for digit. */
  readonly exactNumbers: (resource: ResolvedResource) => boolean;
  /** The destination has no such table. */
  readonly isNew: (table: string) => boolean;
  readonly requests: Pick<CapturedRequests, 'take' | 'documents'>;
  /** What incremental resources begin with, unless an earlier run began them, by name. */
  readonly starts: ReadonlyMap<string, IncrementalStart>;
}
