/** What a scheduler sees when the process ends. docs/cron.md says what to do for each. */
export const exitCodes = {
  ok: 0,
  internal: 1,
  config: 2,
  partial: 3,
  refused: 4,
  source: 5,
  destination: 6,
  contract: 7,
  budget: 8,
  locked: 75,
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitReason = keyof typeof exitCodes;

/** Every failure the program knows, with the exit it leads to. `transient` means: the same call may succeed later. */
const failures = {
  Internal: { exit: 'internal', transient: false },
  UsageInvalid: { exit: 'config', transient: false },
  QueryFailed: { exit: 'config', transient: false },
  ConfigInvalid: { exit: 'config', transient: false },
  ConfigNotFound: { exit: 'config', transient: false },
  SecretMissing: { exit: 'config', transient: false },
  SecretCommandFailed: { exit: 'config', transient: false },
  ResourceUnknown: { exit: 'config', transient: false },
  PaymentNotAllowed: { exit: 'config', transient: false },
  SnapshotMissing: { exit: 'config', transient: false },
  ExtensionMissing: { exit: 'config', transient: false },
  ResourceFailed: { exit: 'partial', transient: true },
  DataStale: { exit: 'partial', transient: true },
  SourceRefused: { exit: 'refused', transient: false },
  SourceUnavailable: { exit: 'source', transient: true },
  SourceThrottled: { exit: 'source', transient: true },
  ReplyUnusable: { exit: 'source', transient: false },
  SelectorFoundNothing: { exit: 'source', transient: false },
  ListIncomplete: { exit: 'source', transient: false },
  CursorUnusable: { exit: 'source', transient: false },
  NotArchived: { exit: 'source', transient: false },
  PaginationEndless: { exit: 'source', transient: false },
  RunTimedOut: { exit: 'source', transient: true },
  ResourceTimedOut: { exit: 'source', transient: true },
  ResourceGeneratorFailed: { exit: 'source', transient: false },
  DestinationLocked: { exit: 'destination', transient: true },
  DestinationChanged: { exit: 'destination', transient: true },
  DestinationUnreadable: { exit: 'destination', transient: false },
  DestinationTooNew: { exit: 'destination', transient: false },
  DestinationFailed: { exit: 'destination', transient: true },
  SnapshotDamaged: { exit: 'destination', transient: false },
  ContractViolated: { exit: 'contract', transient: false },
  ColumnsTooMany: { exit: 'contract', transient: false },
  DeletesTooMany: { exit: 'contract', transient: false },
  ExpectationFailed: { exit: 'contract', transient: false },
  KeyMissing: { exit: 'contract', transient: false },
  BudgetExhausted: { exit: 'budget', transient: false },
  RunLocked: { exit: 'locked', transient: true },
  HungUp: { exit: 'hungUp', transient: true },
  Interrupted: { exit: 'interrupted', transient: true },
  Terminated: { exit: 'terminated', transient: true },
} as const satisfies Record<string, { exit: ExitReason; transient: boolean }>;

export type ErrorCode = keyof typeof failures;

/** Names in camelCase, as in all JSON of this program. */
export interface ErrorFacts {
  readonly [name: string]: string | number | boolean | null | undefined | readonly (string | number)[];
}

export interface PipelineErrorParts {
  readonly code: ErrorCode;
  /** One sentence: what failed, with the names and values that identify it. */
  readonly message: string;
  /** What to do next, with the command where there is one. */
  readonly hint: string;
  /** The same facts as in the message, for programs. */
  readonly facts?: ErrorFacts;
  readonly cause?: unknown;
}

/**
 * The one family of errors. `code` says which failure, `facts` carry what the sentence was made of,
 * `hint` names the next step, `transient` says whether trying again later can help.
 *
 * @example
 * catch (error) { if (error instanceof PipelineError) report(error.code, error.hint) }
 */
export class PipelineError extends Error {
  override readonly name = 'PipelineError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly facts: ErrorFacts;

  constructor({ code, message, hint, facts = {}, cause }: PipelineErrorParts) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
    this.facts = facts;
  }

  get exitCode(): number {
    return exitCodes[failures[this.code].exit];
  }

  get transient(): boolean {
    return failures[this.code].transient;
  }

  toJSON(): { code: ErrorCode; message: string; hint: string; facts: ErrorFacts; exitCode: number } {
    return { code: this.code, message: this.message, hint: this.hint, facts: this.facts, exitCode: this.exitCode };
  }
}

/** Whatever was thrown, as a member of the family: the unknown becomes `Internal`, its cause kept. */
export function asPipelineError(thrown: unknown): PipelineError {
  if (thrown instanceof PipelineError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new PipelineError({
    code: 'Internal',
    message: `Internal error: ${message}`,
    hint: 'This is a defect of dezgo-elt. Run again with --debug and report the stack trace.',
    cause: thrown,
  });
}
