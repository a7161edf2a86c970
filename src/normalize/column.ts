import type { ColumnBuffer } from '../package/column-buffer.ts';
import type { ColumnSchema } from '../schema/table-schema.ts';

/** How a column takes a value: the five that JSON brings directly, and `converted` for all that `coerce` has to prepare. */
export const Kind = { text: 0, bigint: 1, double: 2, bool: 3, timestamp: 4, converted: 5 } as const;

/** A column of the load package: its document, its buffered values, and the columns for values that do not fit it. */
export class Column {
  readonly schema: ColumnSchema;
  readonly buffer: ColumnBuffer;
  readonly kind: number;
  /** By data type. */
  readonly variants = new Map<string, Column>();

  constructor(schema: ColumnSchema, buffer: ColumnBuffer) {
    this.schema = schema;
    this.buffer = buffer;
    this.kind = kindOf(schema);
  }
}

function kindOf({ data_type, precision }: ColumnSchema): number {
  switch (data_type) {
    case 'text':
      return Kind.text;
    case 'bigint':
      return precision === undefined || precision === 64 ? Kind.bigint : Kind.converted;
    case 'double':
      return Kind.double;
    case 'bool':
      return Kind.bool;
    case 'timestamp':
      return Kind.timestamp;
    default:
      return Kind.converted;
  }
}

/** Writes a value that `coerce` made for this column. */
export function putCoerced({ buffer }: Column, at: number, value: string | number | bigint | boolean): void {
  if (buffer.type === 'VARCHAR') buffer.setText(at, String(value));
  else if (buffer.type === 'DOUBLE') buffer.setDouble(at, Number(value));
  else if (buffer.type === 'BOOLEAN') buffer.setBoolean(at, value === true);
  else if (typeof value === 'bigint') buffer.setBigint(at, value);
  else buffer.setLong(at, Number(value));
}
