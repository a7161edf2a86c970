import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, onTestFinished } from 'vitest';

type Cleanup = () => unknown;

const kept = new AsyncLocalStorage<Cleanup[]>();

/** Cleans up when the running test has ended; what is made for several tests, when the last of them has. */
export function whenDone(cleanup: Cleanup): void {
  const later = kept.getStore();
  if (later !== undefined) later.push(cleanup);
  else
    onTestFinished(async () => {
      await cleanup();
    });
}

/**
 * What several tests look at and none changes. Whichever asks first makes it; folders and servers in it are there until the last
 * test of the file, or of the group where this is called, has ended.
 */
export function shared<T>(make: () => Promise<T>): () => Promise<T> {
  const cleanups: Cleanup[] = [];
  let made: Promise<T> | undefined;
  afterAll(async () => {
    made = undefined;
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  return () => {
    made ??= kept.run(cleanups, make);
    return made;
  };
}
