/** Keeps the file that a load replaces, the way that a kind of destination has. */
export interface FileKeeper {
  /** Before the working copy is written to. */
  prepare(workingCopy: string, isOfLive: boolean): Promise<void>;
  /** Before the live file itself is written to. */
  copyLive(): Promise<void>;
  /** Right before the live file is replaced, as the holder of its lock. */
  hold(): Promise<void>;
  /** The live file was replaced. */
  keep(): Promise<void>;
  /** What was not kept goes. */
  end(): Promise<void>;
}
