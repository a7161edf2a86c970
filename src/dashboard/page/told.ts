/** What is told of a failure. */
export interface Told {
  readonly code: string;
  readonly message: string;
  /** What to do. */
  readonly hint: string;
}
