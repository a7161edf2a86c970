import nock from 'nock';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';

// Whoever loads it has it in every request of the process: it hands on replies of real servers, and loses the ends of large ones that
// are not read at once. So it is there for the files that use it, and for no other of this process.
nock.restore();

/** No request leaves the machine, and every expected one was made. */
export function useNock(): void {
  beforeAll(() => {
    if (!nock.isActive()) nock.activate();
  });
  afterAll(() => nock.restore());
  beforeEach(() => nock.disableNetConnect());
  afterEach(() => {
    const pending = nock.pendingMocks();
    nock.cleanAll();
    nock.enableNetConnect();
    expect(pending).toEqual([]);
  });
}
