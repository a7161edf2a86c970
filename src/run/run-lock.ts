import { Database } from '../duckdb/database.ts';
import type { Effects } from '../effects.ts';
import { makePrivateFolder } from '../files/working-folder.ts';
import { Ledger } from '../ledger/ledger.ts';

/**
 * Does `work` while no run can begin.
 *
 * @throws PipelineError RunLocked: a run is going on
 */
export async function underRunLock<T>(
  workingDir: string,
  effects: Effects,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  await makePrivateFolder(workingDir);
  const database = await Database.open({ threads: 1 });
  try {
    const ledger = await Ledger.open(database, workingDir, effects);
    try {
      return await work(database);
    } finally {
      await ledger.close();
    }
  } finally {
    database.close();
  }
}
