/** A server of a lane, or what else the lane needs. */
export interface Started {
  /** Where it is, for the tests. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}
