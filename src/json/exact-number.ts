/**
 * A JSON number that a double would round, kept as it was written: `0.12345678901234567890`, `1e400`. The exact parser
 * makes them where they occur; integers beyond 2^53 are bigints instead.
 *
 * @example
 * new ExactNumber('4.27290000000000000001').text // '4.27290000000000000001'
 */
export class ExactNumber {
  /** The number as it stood in the JSON text, such as `-1.25e-3`. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** The nearest double; ±Infinity beyond its range. */
  valueOf(): number {
    return Number(this.text);
  }

  toString(): string {
    return this.text;
  }
}
