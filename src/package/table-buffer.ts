import { isVectorType, type VectorType } from '../duckdb/chunk-appender.ts';
import type { TableSize } from '../duckdb/memory-limit.ts';
import { ColumnBuffer } from './column-buffer.ts';
import { LIST_INDEX, PARENT_ROW, ROOT_ROW, ROW } from './layout.ts';
import { TextWindow } from './text-window.ts';

/** Rows of one column held at the most before they go to disk, whatever the number of columns. */
const CELLS = 1 << 20;
const SMALLEST = 64;
const LARGEST = 1 << 15;
/** Bytes of long texts held at the most: what is in one vector is better known the fewer rows go to disk at once. */
const LONGEST = 16e6;

export interface ColumnRename {
  readonly from: string;
  readonly to: string;
}

/** Rows of one table of the load package that are not on disk yet. */
export class TableBuffer {
  name: string;
  /** What the table is called on disk, while that is not `name`. */
  oldName: string | null = null;
  readonly nested: boolean;
  readonly columns: ColumnBuffer[] = [];
  /** Columns the table on disk does not have yet, and those that it has under another name. */
  newColumns: ColumnBuffer[] = [];
  renames: ColumnRename[] = [];
  /** Rows buffered. */
  rows = 0;
  /** Rows of this package in all, buffered and on disk. */
  total: number;
  #capacity = SMALLEST;
  readonly #texts: TextWindow;
  readonly #rowNumbers: ColumnBuffer;
  readonly #parentRows: ColumnBuffer | null = null;
  readonly #rootRows: ColumnBuffer | null = null;
  readonly #listIndexes: ColumnBuffer | null = null;

  /** `total`, `longText`: what an earlier run left in the package. */
  constructor(name: string, nested: boolean, total = 0, longText = 0) {
    this.name = name;
    this.nested = nested;
    this.total = total;
    this.#texts = new TextWindow(total, longText);
    this.#rowNumbers = this.#addSystem(ROW);
    if (!nested) return;
    this.#parentRows = this.#addSystem(PARENT_ROW);
    this.#rootRows = this.#addSystem(ROOT_ROW);
    this.#listIndexes = this.#addSystem(LIST_INDEX);
  }

  /** A new column; or the one of that name that an earlier run left in the package. */
  addColumn(name: string, type: VectorType): ColumnBuffer {
    const left = this.columns.find((column) => column.name === name);
    if (left !== undefined) return left;
    const column = new ColumnBuffer(name, type, this.#capacity);
    this.columns.push(column);
    this.newColumns.push(column);
    return column;
  }

  /** Columns of the table as it stands in a package that is continued, in their order there. */
  restoreColumns(columns: ReadonlyMap<string, string>): void {
    for (const [name, type] of columns) if (isVectorType(type)) this.addColumn(name, type);
    this.newColumns = [];
  }

  rename(name: string): void {
    this.oldName ??= this.name;
    this.name = name;
  }

  renameColumn(column: ColumnBuffer, name: string): void {
    if (!this.newColumns.includes(column)) this.renames.push({ from: column.name, to: name });
    column.name = name;
  }

  /** A new row; answers its place in the buffers. `total - 1` is its number in the table. */
  addRow(parentRow: number, rootRow: number, index: number): number {
    if (this.rows === this.#capacity) this.#grow();
    const at = this.rows++;
    this.#rowNumbers.setInteger(at, this.total++);
    if (this.nested) {
      this.#parentRows?.setInteger(at, parentRow);
      this.#rootRows?.setInteger(at, rootRow);
      this.#listIndexes?.setInteger(at, index);
    }
    return at;
  }

  /** Takes back the last rows, down to `rows` buffered ones. */
  discardTo(rows: number): void {
    for (const column of this.columns) column.clearFrom(rows, this.rows);
    this.total -= this.rows - rows;
    this.rows = rows;
  }

  /** Enough rows that they should go to disk before more are added: fewer the wider the table is. */
  get isFull(): boolean {
    return this.rows >= LARGEST || this.rows * this.columns.length >= CELLS || this.#longText >= LONGEST;
  }

  /** With the rows that are buffered. */
  get size(): TableSize {
    return { columns: this.columns.length, longText: this.#texts.fullestWith(this.#longText) };
  }

  /** After the rows were written. */
  reset(): void {
    this.#texts.add(this.rows, this.#longText);
    for (const column of this.columns) column.reset();
    this.rows = 0;
  }

  get #longText(): number {
    let bytes = 0;
    for (const column of this.columns) bytes += column.longText;
    return bytes;
  }

  #addSystem(name: string): ColumnBuffer {
    const column = new ColumnBuffer(name, 'INTEGER', this.#capacity, true);
    this.columns.push(column);
    return column;
  }

  #grow(): void {
    this.#capacity *= 2;
    for (const column of this.columns) column.grow(this.#capacity);
  }
}
