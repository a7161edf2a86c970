import { createHash } from 'node:crypto';
import { compareUtf8, sortedJson } from '../json/sorted-json.ts';
import type { StoredSchema } from './table-schema.ts';

/** What tells versions of a schema apart is not part of it. */
const UNHASHED: ReadonlySet<string> = new Set(['version', 'version_hash', 'imported_version_hash', 'previous_hashes']);

/**
 * dlt's hash of a schema document: base64 of SHA3-256 over its JSON with sorted keys, then over each table's name and its
 * column names in column order (`generate_version_hash` in dlt/common/schema/utils.py).
 */
export function versionHash(schema: StoredSchema): string {
  const hashed = Object.entries(schema).filter(([key]) => !UNHASHED.has(key));
  const hash = createHash('sha3-256').update(sortedJson(Object.fromEntries(hashed)));
  const tables = Object.entries(schema.tables).sort(([one], [other]) => compareUtf8(one, other));
  for (const [name, table] of tables) {
    hash.update(name);
    for (const column of Object.keys(table.columns)) hash.update(column);
  }
  return hash.digest('base64');
}
