import nock from 'nock';
import { afterEach, beforeEach, expect } from 'vitest';

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
