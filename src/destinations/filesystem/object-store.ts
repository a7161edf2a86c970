import type { Readable } from 'node:stream';

/** A folder of files, on a disk or in a bucket. Keys are relative to it, with `/`. Methods throw PipelineErrors: see store-errors.ts. */
export interface ObjectStore {
  /** The URL, or the path, without secrets. */
  readonly location: string;
  /**
   * Visible whole or not at all.
   *
   * @param ifAbsent leave what is there. Default: takes its place
   * @returns whether it was put: false where something was there
   */
  put(key: string, source: ObjectSource, options?: { readonly ifAbsent?: boolean }): Promise<boolean>;
  /** Undefined where there is none. */
  get(key: string): Promise<Readable | undefined>;
  /** All whose keys begin so, in no order. */
  list(prefix: string): Promise<readonly StoredObject[]>;
  /** One that is not there is no error. */
  delete(key: string): Promise<void>;
  /** Whether files can be put here; leaves nothing behind. */
  tryOut(): Promise<void>;
  /** Where DuckDB reads it; absent for a store of which it has to be fetched. */
  readonly pathOf?: (key: string) => string;
  close?(): void;
}

/** A text, or a file, which may be gone afterwards. */
export type ObjectSource = string | { readonly file: string };

export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
}
