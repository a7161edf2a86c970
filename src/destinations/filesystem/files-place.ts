import type { FileLayout } from './file-layout.ts';
import type { ObjectStore } from './object-store.ts';

/** Where a dataset of files is, and how it is laid out. */
export interface FilesPlace {
  readonly store: ObjectStore;
  readonly layout: FileLayout;
  /** Of the pipeline, for files on their way. */
  readonly workingDir: string;
  /** Whether each load lists the files of every table. */
  readonly manifest: boolean;
  /** How many files of state a pipeline keeps. */
  readonly mostStates: number;
}
