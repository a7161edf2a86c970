import type { ErrorCode } from './errors.ts';

/** What a run consists of. Records become rows while they are extracted. */
export type RunStep = 'extract' | 'load';

interface TextFacts {
  /** One line, for people. */
  readonly message: string;
}

interface FailureFacts extends TextFacts {
  readonly code: ErrorCode;
  /** What to do next. */
  readonly hint: string;
}

/** What is told of each kind of event, by its name. Texts and addresses are without secrets. */
interface EventFacts {
  'run.started': {
    readonly pipeline: string;
    readonly dataset: string;
    /** Its location, such as the absolute path of the DuckDB file. */
    readonly destination: string;
    readonly destinationType: string;
    readonly resources: readonly string[];
  };
  'step.started': { readonly step: RunStep };
  'step.finished': { readonly step: RunStep; readonly milliseconds: number };
  'resource.started': { readonly resource: string };
  'resource.finished': {
    readonly resource: string;
    readonly status: 'not_executed' | 'extracted' | 'unchanged' | 'skipped' | 'ignored' | 'failed';
    readonly records: number;
    readonly requests: number;
    readonly milliseconds: number;
    readonly error?: FailureFacts;
  };
  /** An HTTP exchange that is over; sent again, it is still one. */
  request: {
    readonly resource: string;
    readonly method: string;
    readonly url: string;
    /** Null where no reply came. */
    readonly status: number | null;
    readonly attempts: number;
    /** From when it first went out, waits before retries included. */
    readonly milliseconds: number;
    readonly bytes: number;
  };
  /** Nothing comes for a while, and why. */
  waiting: TextFacts & {
    readonly resource: string;
    readonly kind: 'retry' | 'pause' | 'slow' | 'poll';
    /** How long in all, where it is known; of `slow`, so far. */
    readonly milliseconds?: number;
  };
  /** What became of a load package; `loaded`: its rows are there for every reader. */
  'package.finished': {
    readonly loadId: string;
    readonly state: 'loaded' | 'pending' | 'rejected' | 'unchanged';
    /** An earlier run left it behind. */
    readonly recovered: boolean;
    readonly tables: readonly { readonly name: string; readonly rows: number }[];
    readonly schemaChanges: number;
  };
  /** A line for whoever watches. */
  progress: TextFacts;
  notice: TextFacts;
  /** What the report says as well. */
  note: TextFacts;
  /** What a person should act on. */
  warning: TextFacts;
  'run.finished': {
    readonly pipeline: string;
    readonly exitCode: number;
    readonly published: boolean;
    readonly milliseconds: number;
    /** Null where all went well. */
    readonly failure: (FailureFacts & { readonly loadId: string | null }) | null;
  };
  /** A command did not do what was asked: the last line of a log, in no run. */
  failure: FailureFacts & { readonly loadId: string | null; readonly exitCode: number };
}

type Named<E extends keyof EventFacts> = { readonly event: E } & EventFacts[E];

/** An event before somebody looked at the clock. */
export type UntimedEvent = { [E in keyof EventFacts]: Named<E> }[keyof EventFacts];

/** Something that happened in a run; `time` in milliseconds since 1970. Public: kinds and members are only ever added. */
export type RunEvent = {
  [E in keyof EventFacts]: Named<E> & { readonly time: number };
}[keyof EventFacts];

/** The events of one kind: `EventOf<'request'>`. */
export type EventOf<E extends keyof EventFacts> = Extract<RunEvent, { readonly event: E }>;

/** Is told each event as it happens, and must not throw. */
export type EventListener = (event: RunEvent) => void;
