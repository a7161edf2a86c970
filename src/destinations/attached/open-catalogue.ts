import type { Connection } from '../../duckdb/connection.ts';
import type { Allowance } from '../../duckdb/database.ts';

/** What was published, open for reading. */
export interface OpenCatalogue {
  readonly connection: Connection;
  /** Name under which it is attached. */
  readonly catalog: string;
  /**
   * Before statements that somebody else wrote: `schema` is their search path, and other files are out of their reach.
   *
   * @param allowed a file that `copy` may write, say
   */
  sealIn(schema: string, allowed?: Allowance): Promise<void>;
  /** What a statement threw, as a member of the family where it is about the files of the catalogue. */
  tell(thrown: unknown): unknown;
  close(): void;
}

/** Where a catalogue is, and how it is opened. */
export interface ReadableCatalogue {
  /** For messages: see `Destination.location`. */
  readonly location: string;
  /** Undefined where there is nothing yet. Throws what opening does. */
  open(): Promise<OpenCatalogue | undefined>;
}
