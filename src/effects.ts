import type { RunEvent, UntimedEvent } from './events.ts';

/** A line for people or programs that watch a run. Never on stdout: that belongs to the report. */
export interface Log {
  warn(message: string): void;
  progress(message: string): void;
  /** Said before as progress, and worth to stay where progress does not: on a terminal. */
  keep?(message: string): void;
  /** What a person should know before it happens: that it costs money. */
  announce?(message: string): void;
  /** What happened, for programs; of texts the other methods are told. Absent where no program listens. */
  event?(event: RunEvent): void;
}

/** One HTTP request as it goes out, credentials included. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  /** Bytes where it holds files. */
  readonly body?: string | Uint8Array | undefined;
  /** Milliseconds for the whole exchange, the body included. */
  readonly timeout: number;
  /** Limit of the body, also after decompression. */
  readonly maxBytes: number;
  /**
   * Asked when the first bytes are there: where the body is written as it comes; undefined keeps it in memory. A transport that
   * does not ask gives the whole body, which is written then.
   */
  readonly fileFor?: ((start: ReplyStart) => FileTarget | undefined) | undefined;
  /** It must not be sent twice: it has a connection of its own, since one that is kept may be closed just then. */
  readonly isOnce?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Of a reply that may become a file, as much as is looked at before it is written. */
export const FIRST_BYTES = 512;

/** What is known of a reply before its body has come. */
export interface ReplyStart {
  readonly status: number;
  readonly headers: Headers;
  /** Its first `FIRST_BYTES`, or all of fewer. */
  readonly first: Uint8Array;
}

export interface FileTarget {
  /** In a folder that is made where it is not there. */
  readonly path: string;
  /** Instead of that of the request. */
  readonly maxBytes: number;
}

/** The whole body of a reply, on the disk. */
export interface ReplyFile {
  readonly path: string;
  /** After decompression, as is the hash. */
  readonly bytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: Headers;
  /** Where there is a `file`, only as much of it as tells what it is. */
  readonly body: Uint8Array;
  readonly file?: ReplyFile | undefined;
}

/**
 * One request → its response, whatever the status; redirects are not followed. The HTTP client of Node is one transport, a replay from an
 * archive another. Throws NetworkFailure where no whole response came, ReplyTooLarge beyond `maxBytes`, DestinationFailed where a
 * file cannot be written. A file of a reply that throws is removed.
 */
export type Transport = (request: HttpRequest) => Promise<HttpReply>;

/** Everything outside the program that a test replaces. */
export interface Effects {
  /** Milliseconds since 1970, with fractions. */
  now(): number;
  /** A number in [0, 1), for jitter. */
  random(): number;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** How requests go out. Default: by the HTTP client of Node, with the proxy that `env` names. */
  readonly transport?: Transport | undefined;
}

export const silentLog: Log = { warn() {}, progress() {} };

export const realEffects: Effects = {
  now: () => performance.timeOrigin + performance.now(),
  random: Math.random,
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
  env: process.env,
  log: silentLog,
};

/** Tells the programs that listen, if any does. */
export function tellEvent(effects: Pick<Effects, 'log' | 'now'>, event: UntimedEvent): void {
  effects.log.event?.({ ...event, time: effects.now() });
}

/** Whether a process of this machine lives. One that may not be asked does. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** Bytes of memory that this process takes, whatever took them. */
export function residentMemory(): number {
  return process.memoryUsage.rss();
}

/** Ends this process at once: a thread that does not listen would keep `exit` waiting. */
export function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** Kills a process group, in which a process may have others that it started. One that is gone is none. */
export function endGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {}
}

/** Without what a library warns of while `work` goes on, a promise until it is settled: that it will want a newer Node, say. */
export function silently<T>(work: () => T): T {
  if (silent++ === 0) {
    warn = process.emitWarning;
    process.emitWarning = () => undefined;
  }
  let result: T | undefined;
  try {
    result = work();
    return result;
  } finally {
    if (result instanceof Promise) result.then(loudly, loudly);
    else loudly();
  }
}

// --- internal ---

let warn = process.emitWarning;
let silent = 0;

function loudly(): void {
  silent -= 1;
  if (silent === 0) process.emitWarning = warn;
}
