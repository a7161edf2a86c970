/** A line for people or programs that watch a run. Never on stdout: that belongs to the report. */
export interface Log {
  warn(message: string): void;
  progress(message: string): void;
}

/** One HTTP request as it goes out, credentials included. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body?: string | undefined;
  /** Milliseconds for the whole exchange, the body included. */
  readonly timeout: number;
  /** Limit of the body, also after decompression. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/**
 * One request → its response, whatever the status; redirects are not followed. `fetch` is one transport, a replay from an
 * archive another. Throws NetworkFailure where no whole response came, ReplyTooLarge beyond `maxBytes`.
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
  /** How requests go out. Default: `fetch`, with the proxy that `env` names. */
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

/** Whether a process of this machine lives. One that may not be asked does. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
