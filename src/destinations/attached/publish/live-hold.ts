import type { Database } from '../../../duckdb/database.ts';
import { fileError, inUseHere, type LockHolder, lockHolder } from '../../../duckdb/file-errors.ts';
import { type Release, tryHoldFile } from '../../../duckdb/held-files.ts';
import { regularFile } from '../../../duckdb/regular-file.ts';
import { type Waiting, waitForLock } from './lock-wait.ts';

const HELD = 'held';
/** An open file cannot be replaced there, not even by who opened it; nor can one that a writer has open. */
export const openFilesStay = process.platform === 'win32';

export interface Probing extends Waiting {
  /** `swap`: publish although another process has the file open for writing. */
  readonly onWriter: 'wait' | 'swap';
}

/**
 * The live file, open read-only: as long as it is, DuckDB lets nobody open it for writing. Meanwhile nothing else in this
 * process uses it, because whoever closes the file, having read it through `fs`, say, drops the lock: see held-files.ts.
 */
export class LiveHold {
  /** Who had it open for writing before; only with `on_writer: swap`. */
  readonly writer: LockHolder | undefined;
  readonly #database: Database;
  readonly #release: Release;
  #attached: boolean;

  private constructor(
    database: Database,
    release: Release,
    { attached, writer }: { attached: boolean; writer?: LockHolder | undefined },
  ) {
    this.#database = database;
    this.#release = release;
    this.#attached = attached;
    this.writer = writer;
  }

  /**
   * Waits until nobody has the file open for writing. No file is fine.
   *
   * @throws PipelineError DestinationLocked: somebody still has it after the wait.
   * @throws PipelineError DestinationTooNew, DestinationUnreadable, DestinationFailed: it is not a file to publish into.
   */
  static async take(database: Database, path: string, probing: Probing): Promise<LiveHold> {
    return waitForLock(probing, () => LiveHold.#tryTake(database, path, probing.onWriter));
  }

  static async #tryTake(database: Database, path: string, onWriter: Probing['onWriter']): Promise<LiveHold> {
    const release = tryHoldFile(path);
    if (release === undefined) throw inUseHere(path);
    try {
      const attached = regularFile(path) !== undefined;
      if (attached) await database.attach(path, HELD, { readOnly: true });
      return new LiveHold(database, release, { attached });
    } catch (error) {
      const writer = onWriter === 'swap' ? lockHolder(error) : undefined;
      if (writer !== undefined) return new LiveHold(database, release, { attached: false, writer });
      release();
      throw fileError(error, path);
    }
  }

  /** Lets writers in again, and the file be read through `fs`. */
  async unlock(): Promise<void> {
    if (!this.#attached) return;
    this.#attached = false;
    await this.#database.detach(HELD);
  }

  async release(): Promise<void> {
    await this.unlock().finally(this.#release);
  }
}
