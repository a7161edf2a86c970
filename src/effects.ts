/** A line for people or programs that watch a run. Never on stdout: that belongs to the report. */
export interface Log {
  warn(message: string): void;
  progress(message: string): void;
}

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
