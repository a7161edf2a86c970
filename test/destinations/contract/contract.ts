import { describe } from 'vitest';
import { expectRows } from './rows.ts';
import type { TestDestination } from './test-destination.ts';

/** That a destination ends up with what a DuckDB file ends up with, from the same loads. */
export function contract(destination: TestDestination): void {
  describe(destination.name, () => {
    expectRows(destination);
  });
}
