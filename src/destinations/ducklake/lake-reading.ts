import type { Connection } from '../../duckdb/connection.ts';
import { type Allowance, Database } from '../../duckdb/database.ts';
import { inUseHere } from '../../duckdb/file-errors.ts';
import { holdWhenFree, type Release } from '../../duckdb/held-files.ts';
import { qualifiedName } from '../../duckdb/quote.ts';
import { regularFile } from '../../duckdb/regular-file.ts';
import type { OpenCatalogue } from '../attached/open-catalogue.ts';
import { attachLake } from './attach-lake.ts';
import { isNoLake, lakeError } from './lake-errors.ts';
import type { LakeSettings } from './lake-kind.ts';
import { lakeStorage } from './lake-storage.ts';

const ALIAS = 'destination';
const WAIT_MS = 60_000;

/** A lake opened for reading: its newest snapshot. */
export class LakeReading implements OpenCatalogue {
  readonly catalog = ALIAS;
  readonly connection: Connection;
  readonly #settings: LakeSettings;
  readonly #database: Database;
  readonly #release: Release | undefined;

  private constructor(
    settings: LakeSettings,
    database: Database,
    connection: Connection,
    release: Release | undefined,
  ) {
    this.#settings = settings;
    this.#database = database;
    this.connection = connection;
    this.#release = release;
  }

  /** Undefined where there is no lake yet. */
  static async open(settings: LakeSettings): Promise<LakeReading | undefined> {
    const { catalog } = settings;
    if (catalog.type !== 'postgres' && regularFile(catalog.path) === undefined) return undefined;
    const release = catalog.type === 'duckdb' ? await held(catalog.path) : undefined;
    const database = await Database.open();
    try {
      await attachLake(database, settings, ALIAS, { readOnly: true });
      return new LakeReading(settings, database, await database.connect(), release);
    } catch (error) {
      database.close();
      release?.();
      if (isNoLake(error)) return undefined;
      throw lakeError(error, settings);
    }
  }

  async sealIn(schema: string, allowed?: Allowance): Promise<void> {
    await this.connection.run(`use ${qualifiedName(this.catalog, schema)}`);
    await this.#database.seal({ ...allowed, readable: lakeStorage(this.#settings).path });
  }

  tell(thrown: unknown): unknown {
    return thrown;
  }

  close(): void {
    this.#database.close();
    this.#release?.();
  }
}

async function held(path: string): Promise<Release> {
  const release = await holdWhenFree(path, 'shared', WAIT_MS);
  if (release === undefined) throw inUseHere(path);
  return release;
}
