import { createHash } from 'node:crypto';
import { sortedJson } from '../json/sorted-json.ts';

const ID_BYTES = 10;
const PREFIX_BYTES = 6;
/** dlt's own columns say nothing about what a row is. */
const OWN_PREFIX = '_dlt';

/**
 * dlt's `_dlt_id` of a row in a nested table.
 *
 * @param parentId `_dlt_id` of the parent row
 * @param table the nested table's name
 * @param index place in the list, from 0
 */
export function childRowId(parentId: string, table: string, index: number): string {
  return contentHash(`${parentId}_${table}_${index}`, ID_BYTES);
}

/**
 * dlt's `_dlt_id` of a root row under `upsert` and `insert-only`: of the primary key.
 *
 * @param values of the key's columns by normalized name, as they came from the API
 */
export function keyHash(values: Readonly<Record<string, unknown>>): string {
  return contentHash(sortedJson(values), ID_BYTES);
}

/** dlt's `_dlt_id` of a root row under `scd2`: of the record as it came, nested values included, without `_dlt` keys. */
export function rowHash(record: Readonly<Record<string, unknown>>): string {
  const own = Object.entries(record).filter(([key]) => !key.startsWith(OWN_PREFIX));
  return contentHash(sortedJson(Object.fromEntries(own)), ID_BYTES);
}

/**
 * Eight base64 characters (48 bits) that stand for a load and a table: `_dlt_id` is they and the row's number, so that
 * loading a package twice gives the same keys and two loads share none.
 */
export function keyPrefix(loadId: string, table: string): string {
  return contentHash(`${loadId}_${table}`, PREFIX_BYTES);
}

/** So many bytes of SHAKE128, as base64 without its padding: the digest that dlt uses. */
export function contentHash(text: string, bytes: number): string {
  return createHash('shake128', { outputLength: bytes }).update(text).digest('base64').replaceAll('=', '');
}
