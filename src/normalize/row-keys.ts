import { ExactNumber } from '../json/exact-number.ts';
import type { ColumnBuffer } from '../package/column-buffer.ts';
import { KEY, PARENT_KEY, ROOT_KEY } from '../package/layout.ts';
import type { TableBuffer } from '../package/table-buffer.ts';
import { DLT_ID } from '../schema/names.ts';
import { childRowId } from '../schema/row-id.ts';

/** Prescribes the `_dlt_id` of a root record, where its resource does: dlt's key hash or row hash. */
export type RootKey = (record: unknown) => string;

/**
 * The keys of one table's rows that are prescribed: brought by the record, hashed by dlt's rules, or hanging under a row with
 * such a key. All others have none here: loading renders them from the row's number.
 */
export class RowKeys {
  /** Of the row being written; null: rendered while loading. */
  current: string | null = null;
  /** Some row brought its own, which another row can have too. */
  brought: boolean;
  readonly #buffer: TableBuffer;
  readonly #parent: RowKeys | null;
  readonly #root: RowKeys | null;
  readonly #rootKey: RootKey | null;
  readonly #columns = new Map<string, ColumnBuffer>();

  constructor(buffer: TableBuffer, parent: RowKeys | null, rootKey: RootKey | null, brought: boolean) {
    this.brought = brought;
    this.#buffer = buffer;
    this.#parent = parent;
    this.#root = parent === null ? null : (parent.#root ?? parent);
    this.#rootKey = rootKey;
  }

  /** Settles the keys of the row at `at`, before anything of it is written. */
  assign(value: unknown, at: number, index: number): void {
    const own = ownKey(value);
    if (own !== null) this.brought = true;
    const parentKey = this.#parent === null ? null : this.#parent.current;
    if (own === null && parentKey === null && this.#rootKey === null) {
      this.current = null;
      return;
    }
    this.current =
      own ?? (parentKey === null ? this.#hashRoot(value) : childRowId(parentKey, this.#buffer.name, index));
    if (this.current !== null) this.#set(KEY, at, this.current);
    if (parentKey !== null) this.#set(PARENT_KEY, at, parentKey);
    const rootKey = this.#root === null ? null : this.#root.current;
    if (rootKey !== null) this.#set(ROOT_KEY, at, rootKey);
  }

  #hashRoot(value: unknown): string | null {
    return this.#rootKey === null ? null : this.#rootKey(value);
  }

  #set(name: string, at: number, key: string): void {
    let column = this.#columns.get(name);
    if (column === undefined) {
      column = this.#buffer.addColumn(name, 'VARCHAR');
      this.#columns.set(name, column);
    }
    column.setText(at, key);
  }
}

function ownKey(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const key = (value as Readonly<Record<string, unknown>>)[DLT_ID];
  if (key === undefined || key === null || key === '') return null;
  return typeof key === 'object' && !(key instanceof ExactNumber) ? null : String(key);
}
