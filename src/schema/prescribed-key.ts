import { PATH_SEPARATOR } from './names.ts';
import { columnName } from './naming.ts';
import { keyHash, rowHash } from './row-id.ts';
import type { TableSchema } from './table-schema.ts';

type RecordObject = Readonly<Record<string, unknown>>;

/**
 * How dlt prescribes the `_dlt_id` of a root table's rows, so that it can continue the table: a hash of the primary key under
 * `upsert` and `insert-only`, of the whole record under `scd2`. Null where any unique id will do.
 */
export function prescribedKey(table: TableSchema): ((record: unknown) => string) | null {
  switch (table['x-merge-strategy']) {
    case 'upsert':
    case 'insert-only': {
      const keys = Object.values(table.columns).filter((column) => column.primary_key === true);
      const names = keys.map((column) => column.name);
      return (record) => keyHash(Object.fromEntries(names.map((name) => [name, valueNamed(record, name)])));
    }
    case 'scd2':
      if (typeof table['x-row-version'] === 'string') {
        const name = table['x-row-version'];
        return (record) => String(valueNamed(record, name));
      }
      return (record) => rowHash(isRecord(record) ? record : { value: record });
    default:
      return null;
  }
}

/** The value that becomes the column `name`, also one inside objects: `a__b`. Null when there is none. */
function valueNamed(record: unknown, name: string): unknown {
  if (!isRecord(record)) return null;
  for (const [key, value] of Object.entries(record)) {
    const own = columnName(key);
    if (own === name) return value;
    const inner = own + PATH_SEPARATOR;
    if (name.startsWith(inner) && isRecord(value)) {
      const found = valueNamed(value, name.slice(inner.length));
      if (found !== null) return found;
    }
  }
  return null;
}

function isRecord(value: unknown): value is RecordObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
