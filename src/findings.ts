/** What a person should know of a run, told as it is found. The trace of a run keeps it. */
export interface Findings {
  note(text: string): void;
  /** What a person should act on: said at once as well. */
  warn(text: string): void;
  /** A decision about rows or values, as a report says it, and how often it was taken. */
  count(what: string, times: number): void;
  /** What a schema contract kept out of the destination. */
  reject(rejection: Rejection): void;
  /** After every HTTP exchange, failed ones too. */
  request(trace: RequestTrace): void;
}

/** Where nobody is told. */
export const silentFindings: Findings = { note() {}, warn() {}, count() {}, reject() {}, request() {} };

/** Something that a contract kept out of the destination. */
export interface Rejection {
  readonly table: string;
  readonly column: string | null;
  readonly reason: string;
  /** The row it was in, or the value when it stands for a row of its own. */
  readonly record: unknown;
  /** The row that a value was in, with the first that it lost: some rows lose thousands. Else undefined. */
  readonly row?: unknown;
  /** What was lost: rows of the table, or values of a column. */
  readonly kind: 'row' | 'value';
  readonly count: number;
}

/** A request that is about to be sent again. */
export interface Retry {
  /** Why: `429`, `ECONNRESET`, `timeout`. */
  readonly after: string;
  /** Milliseconds until then. */
  readonly wait: number;
  /** The attempt that comes; the first one was 1. */
  readonly attempt: number;
}

/** One HTTP exchange, for the ledger and the report. */
export interface RequestTrace {
  readonly resource: string;
  readonly method: string;
  /** Without secrets. */
  readonly url: string;
  readonly status: number | null;
  readonly attempts: number;
  /** In all, from when it first went out, waits before retries included. */
  readonly milliseconds: number;
  readonly bytes: number;
  /** Absent where the first attempt was the only one. */
  readonly retries?: readonly Retry[];
}

/** The same findings, some of which somebody else is told, too. */
export function alsoTelling(findings: Findings, other: Partial<Findings>): Findings {
  const told: readonly Partial<Findings>[] = [findings, other];
  return {
    note: (text) => told.forEach((each) => void each.note?.(text)),
    warn: (text) => told.forEach((each) => void each.warn?.(text)),
    count: (what, times) => told.forEach((each) => void each.count?.(what, times)),
    reject: (rejection) => told.forEach((each) => void each.reject?.(rejection)),
    request: (trace) => told.forEach((each) => void each.request?.(trace)),
  };
}
