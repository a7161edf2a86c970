import type { ErrorCode } from './errors.ts';
import type { SchemaChange } from './schema/table-schema.ts';

/** Rows of one table that a run changed. */
export interface RowChanges {
  readonly inserted: number;
  /** Those whose key was there. */
  readonly updated: number;
  readonly deleted: number;
  /** Marked as gone, and still there. */
  readonly retired: number;
}

export interface TableTrace {
  readonly name: string;
  /** Rows that got into the table, inserted or updated. */
  readonly rows: number;
  readonly newColumns: readonly string[];
  /** Columns for which only null came: not created. */
  readonly nullOnly: readonly string[];
  /** Of all its rows, whatever made them go. */
  readonly changed: RowChanges;
  /** With `delete_missing`, where there are any: rows that were marked as deleted, that had been and came again, that were deleted. */
  readonly retired?: number;
  readonly returned?: number;
  readonly deleted?: number;
}

export interface PackageTrace {
  readonly loadId: string;
  readonly state: 'loaded' | 'pending' | 'rejected' | 'unchanged';
  readonly tables: readonly TableTrace[];
  readonly schemaChanges: readonly SchemaChange[];
  /** False: its extraction ended half-way; a run of the same resources goes on with it. */
  readonly complete: boolean;
  /** True for a package that an earlier run left behind. */
  readonly recovered: boolean;
  /** In the order of the configuration; absent where nothing was expected, or the load failed before it was asked. */
  readonly expectations?: readonly ExpectationTrace[];
}

/** Columns and their values, long texts cut off. */
export type ShownRow = Readonly<Record<string, string | number | boolean | null>>;

/** What came of something that the configuration expects of a load. */
export interface ExpectationTrace {
  /** As the configuration calls it, else what it is: `min_rows: 50`. */
  readonly name: string;
  /** Such as `not_null`. */
  readonly check: string;
  /** Null for what is expected of the whole dataset. */
  readonly resource: string | null;
  readonly table: string | null;
  readonly severity: 'fail' | 'warn';
  readonly status: 'met' | 'warned' | 'failed';
  /** What was found; null where it is met. */
  readonly message: string | null;
  /** Rows, or values that stand in several rows, that it does not hold for; null where it is not about single rows. */
  readonly failing: number | null;
  /** Five of them at most. */
  readonly sample: readonly ShownRow[];
}

/** `models`: expectation `not_null: id` is not met: 3 rows have no `id`. */
export function expectationText({ name, resource, table, message }: ExpectationTrace): string {
  const where = table ?? resource;
  return `${where === null ? '' : `\`${where}\`: `}expectation \`${name}\` is not met: ${message}`;
}

/** What paid requests cost. */
export interface CostTrace {
  /** What replies said (`client.cost_header`), else what was expected (`endpoint.cost`). */
  readonly spent: number;
  readonly currency: string;
  /** Paid requests that were sent. */
  readonly requests: number;
  /** Of those, the ones of which nobody said what they cost: they are not in `spent`. */
  readonly unknown: number;
  /** Of those, the ones to which no reply came that could be used: they may have been paid for. */
  readonly unanswered: number;
}

export interface RetryTrace {
  readonly after: string;
  readonly times: number;
  /** As `Retry-After` said, or the back-off. */
  readonly waitedMilliseconds: number;
}

export interface ResourceTrace {
  readonly name: string;
  readonly status: 'not_executed' | 'extracted' | 'unchanged' | 'skipped' | 'ignored' | 'failed';
  readonly records: number;
  readonly requests: number;
  readonly milliseconds: number;
  /** Requests of this run that were sent again, by what made them fail: `429`, `ECONNRESET`, `timeout`. */
  readonly retries: readonly RetryTrace[];
  /** Without the waits before retries; null where nothing was requested. */
  readonly slowestRequest: { readonly request: string; readonly milliseconds: number } | null;
  readonly notes: readonly string[];
  /** In this run; absent where nothing was paid for. */
  readonly cost?: CostTrace;
  /** Requests of this run by the status of their answer, `none` where none came; absent where nothing was asked. */
  readonly statuses?: Readonly<Record<string, number>>;
  readonly error?: { readonly code: ErrorCode; readonly message: string; readonly hint: string };
}

export interface FailureTrace {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly loadId: string | null;
  /** Where in the program it happened, with its causes: for `--debug`, in no report. */
  readonly stack?: string;
}

/** What one run did: the value of `runPipeline`, the source of every report. */
export interface Trace {
  readonly pipeline: string;
  readonly dataset: string;
  /** Absolute path of the DuckDB file. */
  readonly destination: string;
  /** What kind of destination it is, such as `duckdb`. */
  readonly destinationType: string;
  /** Milliseconds since 1970; in JSON reports ISO 8601. */
  readonly startedAt: number;
  readonly finishedAt: number;
  /** Of the package that this run made; null where nothing was new, or nothing came. */
  readonly loadId: string | null;
  /** Of the requests, and of making rows of their replies. */
  readonly extractMilliseconds: number;
  /** Of the load step, the figure of dlt's first sentence; from start to finish extraction counts too. */
  readonly loadMilliseconds: number;
  readonly resources: readonly ResourceTrace[];
  readonly packages: readonly PackageTrace[];
  /** Decisions about values that a person should see, such as secrets masked in rows. */
  readonly counts: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  readonly published: boolean;
  /** It was tried on a copy: what it did is what a run would do. */
  readonly isDry?: boolean;
  /** Of all resources in this run; absent where nothing was paid for. `balance`: as the last reply said it, else null. */
  readonly cost?: CostTrace & { readonly balance: number | null };
  /** What is left, as the last reply said it. */
  readonly balance: number | null;
  readonly exitCode: number;
  /** Why the exit code is not 0; `ResourceFailed` where everything else was published. */
  readonly failure?: FailureTrace;
}
