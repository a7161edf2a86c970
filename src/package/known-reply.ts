/** What is remembered of the one reply that a resource was loaded from. Plain JSON. */
export interface KnownReply {
  /** SHA-256 of the body, and of what says how it is read. */
  readonly hash: string;
  /** SHA-256 of the URL that answered: what follows goes to no other one. */
  readonly url: string;
  /** As the reply had them. */
  readonly etag?: string;
  readonly lastModified?: string;
  /** Whether long fractions were kept digit for digit. */
  readonly exactNumbers: boolean;
  /** When it came whole, milliseconds since 1970. */
  readonly receivedAt: number;
}
