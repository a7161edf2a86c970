import nock from 'nock';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';

/** No request leaves the machine, and every expected one was made. */
export function useNock(): void {
  beforeEach(() => nock.disableNetConnect());
  afterEach(() => {
    const pending = nock.pendingMocks();
    nock.cleanAll();
    nock.enableNetConnect();
    expect(pending).toEqual([]);
  });
}

/**
 * For files with real servers. Where others of this process have loaded it, nock hands on their replies, and loses the ends of
 * large ones that are not read at once.
 */
export function useNoNock(): void {
  let wasActive = false;
  beforeAll(() => {
    wasActive = nock.isActive();
    nock.restore();
  });
  afterAll(() => {
    if (wasActive) nock.activate();
  });
}
