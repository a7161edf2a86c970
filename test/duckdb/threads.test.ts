import { describe, expect, it, onTestFinished } from 'vitest';
import { Database } from '../../src/duckdb/database.ts';

/** How many threads a DuckDB has that was opened so, when it has this work. */
async function threads(options: { threads?: number }, work: { rows?: number; bytes?: number }): Promise<number> {
  const database = await Database.open(options);
  onTestFinished(() => database.close());
  await database.allowThreadsFor(work);
  const connection = await database.connect();
  const row = await connection.row("select current_setting('threads')::integer as threads");
  return Number(row?.threads);
}

describe('the threads of DuckDB', () => {
  it('are as few for small work as it was opened with', async () => {
    expect(await threads({ threads: 1 }, { rows: 1000, bytes: 1_000_000 })).toBe(1);
  });

  it.each([{ rows: 1_000_000 }, { bytes: 100_000_000 }])(
    'are as many as DuckDB takes by itself for large work: %o',
    async (work) => {
      expect(await threads({ threads: 1 }, work)).toBe(await threads({}, {}));
    },
  );
});
