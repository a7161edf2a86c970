import type { DatasetReader } from '../destinations/destination.ts';

/** The values of the `?` in SQL, in their order: texts, numbers, bigints, booleans, null, `Date`s, bytes. */
export type Parameters = readonly unknown[];

/** What is asked, once it is known how a name is quoted. */
export type Question = (quoted: (name: string) => string) => { readonly sql: string; readonly values: Parameters };

/** What opens the newest file for one question after the other. */
export interface Answering {
  open(): Promise<DatasetReader>;
  close(reader: DatasetReader): void;
}
