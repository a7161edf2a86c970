import { ExactNumber } from '../json/exact-number.ts';
import type { TableBuffer } from '../package/table-buffer.ts';
import { fittedColumn, type NameLimit } from '../schema/fitted-name.ts';
import {
  DLT_ID,
  DLT_LIST_IDX,
  DLT_LOAD_ID,
  DLT_PARENT_ID,
  DLT_ROOT_ID,
  LIST_TABLE,
  PATH_SEPARATOR,
  VALUE_COLUMN,
} from '../schema/names.ts';
import { columnName } from '../schema/naming.ts';
import type { TableSchema } from '../schema/table-schema.ts';
import { parseTimestamp } from '../values/timestamp.ts';
import { type Column, Kind } from './column.ts';
import type { ColumnFactory } from './column-factory.ts';
import { type ContractGuard, RowDiscarded } from './contract-guard.ts';
import type { RowKeys } from './row-keys.ts';
import { Field, type RowTaker, Shape } from './shape.ts';

/** Makes the table for a list found in this one; null where the contract leaves its rows out. */
type NestedTableFactory = (place: NestedPlace) => RowTaker | null;

export interface NestedPlace {
  /** The keys from the row down to the list. */
  readonly path: readonly string[];
  /** What they normalize to. */
  readonly name: string;
  readonly depth: number;
  readonly rows: readonly unknown[];
}

export interface TableParts {
  readonly buffer: TableBuffer;
  readonly document: TableSchema;
  readonly columns: ColumnFactory;
  readonly keys: RowKeys;
  readonly guard: ContractGuard;
  readonly nestedTable: NestedTableFactory;
  /** Buffered rows of this table and of those below it, now. */
  readonly rowsBelow: () => readonly { readonly buffer: TableBuffer; readonly rows: number }[];
  /** Keys on the way from the root record. */
  readonly level: number;
  /** Lists and objects on the way from the root record, as `max_table_nesting` counts them. */
  readonly depth: number;
  /** Deeper lists and objects are kept as JSON. */
  readonly maxNesting: number;
  /** Of names in the destination. */
  readonly nameLimit: NameLimit | undefined;
}

/** Objects and lists under more keys than this are kept as JSON, whatever `maxNesting` says: a walk goes no deeper. */
const DEEPEST = 500;

const ownRootNames = new Set([DLT_ID, DLT_LOAD_ID]);
const ownNestedNames = new Set([DLT_ID, DLT_PARENT_ID, DLT_LIST_IDX, DLT_ROOT_ID]);

/**
 * Turns values into rows of one table. A record's keys are matched against those of the records before it, in order, so that
 * records of one shape are written straight into the column buffers; whatever is new is learned on the way (`#learn`).
 */
export class TableNormalizer implements RowTaker {
  readonly buffer: TableBuffer;
  document: TableSchema;
  readonly keys: RowKeys;
  readonly columns: ColumnFactory;
  readonly #parts: TableParts;
  readonly #shape: Shape;
  /** Where scalar elements of a list go: the same place as the key `value` of objects in it. */
  #element: Field | null = null;
  #complete = false;

  constructor(parts: TableParts) {
    this.#parts = parts;
    this.buffer = parts.buffer;
    this.document = parts.document;
    this.keys = parts.keys;
    this.columns = parts.columns;
    this.#shape = new Shape([], '', parts.depth);
  }

  /** A record, or an element of a list, as one row. `rootRow` is not looked at in a root table. */
  addRow(value: unknown, parentRow: number, rootRow: number, index: number): void {
    this.#parts.guard.beginRow(value);
    if (this.#parts.guard.discardsRows) this.#addUnlessDiscarded(value, parentRow, rootRow, index);
    else this.#add(value, parentRow, rootRow, index);
  }

  /** Takes the row back, and the rows below it, when the contract lets it go. */
  #addUnlessDiscarded(value: unknown, parentRow: number, rootRow: number, index: number): void {
    const rowsBefore = this.#parts.rowsBelow();
    try {
      this.#add(value, parentRow, rootRow, index);
    } catch (thrown) {
      if (!(thrown instanceof RowDiscarded)) throw thrown;
      for (const { buffer } of this.#parts.rowsBelow()) {
        buffer.discardTo(rowsBefore.find((before) => before.buffer === buffer)?.rows ?? 0);
      }
      this.#parts.guard.rowDiscarded(this.document.name, thrown, value);
    }
  }

  #add(value: unknown, parentRow: number, rootRow: number, index: number): void {
    const at = this.buffer.addRow(parentRow, rootRow, index);
    const row = this.buffer.total - 1;
    const root = this.buffer.nested ? rootRow : row;
    this.keys.assign(value, at, index);
    if (isObject(value)) this.#writeObject(this.#shape, value, at, row, root);
    else if (Array.isArray(value)) this.#writeListInList(value, row, root);
    else {
      this.#element ??= this.#shape.byKey.get(VALUE_COLUMN) ?? this.#learn(this.#shape, VALUE_COLUMN);
      this.#write(this.#element, value, at, row, root);
    }
    if (!this.#complete) this.#complete = this.columns.addSystemColumns();
  }

  /** Names of columns that are not made because only null came for them. */
  nullOnly(): string[] {
    return this.#shape.nullOnly().filter((name) => this.document.columns[name]?.data_type === undefined);
  }

  rename(name: string): void {
    this.document = { ...this.document, name };
    this.buffer.rename(name);
  }

  #writeObject(shape: Shape, object: object, at: number, row: number, root: number): void {
    const { fields } = shape;
    const values = object as Readonly<Record<string, unknown>>;
    let next = 0;
    for (const key in values) {
      let field = fields[next];
      if (field === undefined || field.key !== key) field = shape.byKey.get(key) ?? this.#learn(shape, key);
      next = field.index + 1;
      this.#write(field, values[key], at, row, root);
    }
  }

  /** The values that fit go straight into the buffers: this runs for every value, so it looks things up nowhere. */
  #write(field: Field, value: unknown, at: number, row: number, root: number): void {
    const { column } = field;
    if (typeof value === 'string') {
      if (column !== null && column.kind === Kind.text) column.buffer.setText(at, value);
      else if (column === null || column.kind !== Kind.timestamp || !writeTimestamp(column, value, at)) {
        this.#writeUnforeseen(field, value, at, row, root);
      }
    } else if (typeof value === 'number') {
      if (column !== null && column.kind === Kind.bigint && Number.isSafeInteger(value))
        column.buffer.setLong(at, value);
      else if (column !== null && column.kind === Kind.double && Number.isFinite(value))
        column.buffer.setDouble(at, value);
      else this.#writeUnforeseen(field, value, at, row, root);
    } else if (value === null || value === undefined) {
      // No value: the column stays as it is, or is not made.
    } else if (typeof value === 'boolean' && column !== null && column.kind === Kind.bool) {
      column.buffer.setBoolean(at, value);
    } else if (Array.isArray(value) && field.child !== null) {
      addRows(field.child, value, row, root);
    } else if (isObject(value) && field.shape !== null) {
      this.#writeObject(field.shape, value, at, row, root);
    } else this.#writeUnforeseen(field, value, at, row, root);
  }

  /** A value that its field has no place for yet, or none that takes it as it is. */
  #writeUnforeseen(field: Field, value: unknown, at: number, row: number, root: number): void {
    field.seen = true;
    if (Array.isArray(value) || isObject(value)) {
      if (this.#isTooDeep(field) || this.columns.isJson(field)) {
        this.columns.write(field, value, at, 'json');
      } else if (!Array.isArray(value)) {
        field.shape = new Shape(field.path, field.pathName + PATH_SEPARATOR, field.depth + 1);
        this.#writeObject(field.shape, value, at, row, root);
      } else if (value.length > 0) {
        const { path, pathName: name } = field;
        // As dlt counts: objects on the way to a list are no levels for the rows of the list.
        const depth = (path.length > 1 ? this.#parts.depth : field.depth) + 1;
        field.child = this.#parts.nestedTable({ path, name, depth, rows: value });
        if (field.child !== null) addRows(field.child, value, row, root);
      }
    } else if (!field.own) this.columns.write(field, value, at);
  }

  #isTooDeep({ depth, path }: Field): boolean {
    return depth >= this.#parts.maxNesting || this.#parts.level + path.length > DEEPEST;
  }

  #writeListInList(list: readonly unknown[], row: number, root: number): void {
    // dlt wraps a list inside a list as { list: […] }, which counts as one more level of nesting.
    const field = this.#shape.byKey.get(LIST_TABLE) ?? this.#learn(this.#shape, LIST_TABLE, this.#parts.depth + 1);
    this.#write(field, list, this.buffer.rows - 1, row, root);
  }

  #learn(shape: Shape, key: string, depth = shape.depth): Field {
    const limit = this.#parts.nameLimit;
    const pathName = shape.name + columnName(key, limit);
    const own = this.buffer.nested ? ownNestedNames : ownRootNames;
    const isOwn = shape.path.length === 0 && own.has(key);
    const index = shape.fields.length;
    return shape.add(
      new Field({
        key,
        path: [...shape.path, key],
        name: fittedColumn(pathName, limit),
        pathName,
        depth,
        index,
        own: isOwn,
      }),
    );
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

/** Answers false for text that is no timestamp, or one too far away for a safe integer. */
function writeTimestamp({ buffer }: Column, text: string, at: number): boolean {
  const micros = parseTimestamp(text);
  if (typeof micros !== 'number') return false;
  buffer.setLong(at, micros);
  return true;
}

function addRows(table: RowTaker, list: readonly unknown[], parentRow: number, rootRow: number): void {
  for (let index = 0; index < list.length; index++) table.addRow(list[index], parentRow, rootRow, index);
}
