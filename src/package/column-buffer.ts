import { bytesPerValue, type VectorSource, type VectorType } from '../duckdb/chunk-appender.ts';
import { LONG_TEXT } from '../duckdb/memory-limit.ts';

/** Values of one column of the rows that are not on disk yet, laid out as DuckDB wants them. */
export class ColumnBuffer implements VectorSource {
  name: string;
  readonly type: VectorType;
  strings: (string | null)[] = [];
  bytes: ArrayBuffer = new ArrayBuffer(0);
  validity: Uint32Array<ArrayBuffer> | null;
  /** Bytes of the long texts that are not on disk yet. */
  longText = 0;
  #words: Int32Array<ArrayBuffer> = new Int32Array(0);
  #doubles: Float64Array<ArrayBuffer> = new Float64Array(0);
  #longs: BigInt64Array<ArrayBuffer> = new BigInt64Array(0);
  #flags: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #valid: Uint32Array<ArrayBuffer>;

  /** `required`: every row has a value, so no mask is kept. */
  constructor(name: string, type: VectorType, capacity: number, required = false) {
    this.name = name;
    this.type = type;
    this.#valid = new Uint32Array(0);
    this.validity = required ? null : this.#valid;
    this.grow(capacity);
  }

  /** Room for `capacity` rows, a multiple of 64; what is there stays. */
  grow(capacity: number): void {
    if (this.type === 'VARCHAR') {
      for (let at = this.strings.length; at < capacity; at++) this.strings.push(null);
    } else {
      const bytes = new ArrayBuffer(capacity * bytesPerValue[this.type]);
      new Uint8Array(bytes).set(new Uint8Array(this.bytes));
      this.bytes = bytes;
      this.#flags = new Uint8Array(bytes);
      if (this.type !== 'BOOLEAN') this.#words = new Int32Array(bytes);
      if (bytesPerValue[this.type] === 8) {
        this.#doubles = new Float64Array(bytes);
        this.#longs = new BigInt64Array(bytes);
      }
    }
    if (this.validity === null) return;
    const valid = new Uint32Array(capacity / 32);
    valid.set(this.#valid);
    this.#valid = valid;
    this.validity = valid;
  }

  setText(row: number, text: string): void {
    this.strings[row] = text; // marked valid when it is written
    if (text.length >= LONG_TEXT) this.longText += Buffer.byteLength(text);
  }

  /** An integer of 32 bits into an INTEGER column. */
  setInteger(row: number, value: number): void {
    this.#words[row] = value;
  }

  /** A safe integer into a BIGINT or TIMESTAMPTZ column, as two words: BigInts would cost ten times as much. */
  setLong(row: number, value: number): void {
    this.#words[2 * row] = value;
    this.#words[2 * row + 1] = Math.floor(value / 4294967296);
    this.#mark(row);
  }

  setBigint(row: number, value: bigint): void {
    this.#longs[row] = value;
    this.#mark(row);
  }

  setDouble(row: number, value: number): void {
    this.#doubles[row] = value;
    this.#mark(row);
  }

  setBoolean(row: number, value: boolean): void {
    this.#flags[row] = value ? 1 : 0;
    this.#mark(row);
  }

  /** Forgets the values of rows from `row` on. */
  clearFrom(row: number, rows: number): void {
    for (let at = row; at < rows; at++) {
      if (this.type === 'VARCHAR') this.strings[at] = null;
      const word = this.#valid[at >> 5];
      if (word !== undefined) this.#valid[at >> 5] = word & ~(1 << (at & 31));
    }
  }

  /** After the rows were written. */
  reset(): void {
    this.longText = 0;
    this.#valid.fill(0);
  }

  #mark(row: number): void {
    const word = row >> 5;
    this.#valid[word] = (this.#valid[word] as number) | (1 << (row & 31));
  }
}
