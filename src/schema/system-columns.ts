import { DELETED_AT, DLT_ID, DLT_LIST_IDX, DLT_LOAD_ID, DLT_PARENT_ID, DLT_ROOT_ID } from './names.ts';
import type { ColumnSchema } from './table-schema.ts';

/** dlt's own columns of a root or nested table, in dlt's order and with the hints of dlt's schema documents. */
export function systemColumns(nested: boolean, rootKey: boolean): ColumnSchema[] {
  const id: ColumnSchema = { name: DLT_ID, data_type: 'text', nullable: false, unique: true, row_key: true };
  if (!nested) return [{ name: DLT_LOAD_ID, data_type: 'text', nullable: false }, id];
  return [
    ...(rootKey
      ? [{ name: DLT_ROOT_ID, data_type: 'text', nullable: false, root_key: true } satisfies ColumnSchema]
      : []),
    { name: DLT_PARENT_ID, data_type: 'text', nullable: false, parent_key: true },
    { name: DLT_LIST_IDX, data_type: 'bigint', nullable: false },
    id,
  ];
}

/** Ours, of a root table: when a load found that the row is gone. For dlt an ordinary column, which it leaves null. */
export const deletedAtColumn: ColumnSchema = {
  name: DELETED_AT,
  data_type: 'timestamp',
  nullable: true,
  description: 'When a load first did not bring the row any more; null while loads bring it',
};
