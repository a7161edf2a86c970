import { type Fragment, fragment } from '../../../load/staging/sql-fragment.ts';
import { withValues } from './databricks-names.ts';
import type {
  DatabricksClient,
  DatabricksClientSession,
  DatabricksOperation,
  DatabricksRow,
} from './databricks-sdk.ts';

export interface SessionParts {
  readonly client: DatabricksClient;
  readonly session: DatabricksClientSession;
  /** For messages. */
  readonly location: string;
  /** What ends with its reason, when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** Statements that a session runs at the same time. A small warehouse has room for ten; others queue. */
export const AT_ONCE = 8;

/** Rows that are asked for at a time. */
const BATCH = 2000;

/** Throws what the driver throws. */
export class DatabricksSession {
  readonly location: string;
  readonly #parts: SessionParts;
  readonly #running = new Set<DatabricksOperation>();
  readonly #stop = () => this.interrupt();
  #hasInformationSchema: Promise<boolean> | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.location = parts.location;
    parts.signal?.addEventListener('abort', this.#stop, { once: true });
  }

  async run(statement: Fragment): Promise<readonly DatabricksRow[]> {
    const rows: DatabricksRow[] = [];
    for await (const batch of this.batches(statement)) rows.push(...batch);
    return rows;
  }

  /** As they come; the statement ends with the generator. */
  async *batches(statement: Fragment): AsyncGenerator<DatabricksRow[]> {
    const { session, signal } = this.#parts;
    signal?.throwIfAborted();
    const operation = await session.executeStatement(withValues(statement), { useCloudFetch: false, maxRows: BATCH });
    this.#running.add(operation);
    try {
      do {
        const rows = await operation.fetchChunk({ maxRows: BATCH });
        signal?.throwIfAborted();
        if (rows.length > 0) yield rows;
      } while (await operation.hasMoreRows());
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      this.#running.delete(operation);
      await operation.close().catch(() => undefined); // the error before is the one to tell
    }
  }

  /** Whether one question tells of all tables: Unity Catalog answers it, older catalogs have none. */
  hasInformationSchema(): Promise<boolean> {
    this.#hasInformationSchema ??= this.run(fragment("show schemas like 'information_schema'")).then(
      (found) => found.length > 0,
    );
    return this.#hasInformationSchema;
  }

  /** Makes what runs fail. */
  interrupt(): void {
    for (const operation of this.#running) operation.cancel().catch(() => undefined);
  }

  /** Never throws. */
  async end(): Promise<void> {
    const { session, client, signal } = this.#parts;
    signal?.removeEventListener('abort', this.#stop);
    await session.close().catch(() => undefined);
    await client.close().catch(() => undefined);
  }
}
