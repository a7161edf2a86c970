/** Something that a document does not say outright, with the reason for it; without one, the document says so. */
export interface Guess<Value> {
  readonly value: Value;
  readonly why?: string | undefined;
}
