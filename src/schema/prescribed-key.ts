import { PipelineError } from '../errors.ts';
import { ExactNumber } from '../json/exact-number.ts';
import { fittedColumn, type NameLimit } from './fitted-name.ts';
import { DLT_ID, PATH_SEPARATOR } from './names.ts';
import { columnName } from './naming.ts';
import { keyHash, rowHash } from './row-id.ts';
import { documentStrategy, factsOf } from './strategies.ts';
import type { TableSchema } from './table-schema.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Where dlt prescribes the `_dlt_id` of root rows, what makes it of a record, so that dlt can continue the table: the hash of
 * the primary key, or of the whole record where no column of its own tells versions apart. null elsewhere. A record without
 * one of its key's values is `KeyMissing`.
 */
export function prescribedKey(root: TableSchema, limit?: NameLimit): ((record: unknown) => string) | null {
  const strategy = documentStrategy(root);
  const rowId = strategy === undefined ? 'number' : factsOf(strategy).rowId;
  if (rowId === 'hash of record') {
    return root.columns[DLT_ID]?.['x-row-version'] === true ? (record) => rowHash(asRecord(record)) : null;
  }
  return rowId === 'hash of key' ? hashOfKey(root, limit) : null;
}

function hashOfKey(root: TableSchema, limit: NameLimit | undefined): (record: unknown) => string {
  const names = Object.values(root.columns).flatMap(({ name, primary_key }) => (primary_key ? [name] : []));
  const find = columnFinder(limit);
  return (record) => {
    const values = names.map((name) => [name, find(asRecord(record), name) ?? throwMissing(root.name, name)]);
    return keyHash(Object.fromEntries(values));
  };
}

/** A value at the top is a record with one column, as the normalizer makes it. */
function asRecord(record: unknown): JsonObject {
  return isObject(record) ? record : { value: record };
}

/** Finds the value that flattening puts in a column; a key that is the column's very name comes first. */
function columnFinder(limit: NameLimit | undefined): (record: JsonObject, column: string) => unknown {
  const names = new Map<string, string>();
  const nameOf = (key: string) => {
    const name = names.get(key) ?? columnName(key, limit);
    names.set(key, name);
    return name;
  };
  /** `above`: the names that lead here. The shortened name of a column does not begin with them. */
  function find(record: JsonObject, column: string, above: string): unknown {
    const rest = column.startsWith(above) ? column.slice(above.length) : undefined;
    if (rest !== undefined && Object.hasOwn(record, rest)) return record[rest];
    let found: unknown;
    for (const [key, value] of Object.entries(record)) {
      const name = above + nameOf(key);
      const path = name + PATH_SEPARATOR;
      if (fittedColumn(name, limit) === column) found ??= value;
      else if (isObject(value) && (limit !== undefined || column.startsWith(path))) found ??= find(value, column, path);
    }
    return found;
  }
  return (record, column) => find(record, column, '');
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

function throwMissing(table: string, column: string): never {
  throw new PipelineError({
    code: 'KeyMissing',
    message: `A record for table ${table} has no value for its key column ${column}.`,
    hint: 'Name a key that every record has (primary_key), or select other records (data_selector).',
    facts: { table, column },
  });
}
