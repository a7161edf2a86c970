import { PipelineError } from '../errors.ts';
import { sortedJson } from '../json/sorted-json.ts';
import { contentHash } from '../schema/row-id.ts';

/** dlt's digest of nine bytes since 1.29, and of fifteen before. */
const BYTES = 9;
const LEGACY_BYTES = 15;
const LEGACY_LENGTH = 20;

/** What tells records of one cursor value apart: a field, fields together, or undefined: the whole record. */
export interface DedupKey {
  readonly fields: string | readonly string[] | undefined;
  /** The fields are named for this very purpose: a record without them is an error. */
  readonly isRequired: boolean;
}

/** As dlt computes it. Throws KeyMissing for a record without a field that is required. */
export function dedupHash(record: unknown, key: DedupKey, isLegacy: boolean): string {
  return contentHash(sortedJson(identityOf(record, key)), isLegacy ? LEGACY_BYTES : BYTES);
}

/** Written by dlt before 1.29: they are compared with digests of that length. */
export function areLegacyHashes(hashes: readonly string[]): boolean {
  return hashes.some((hash) => hash.length === LEGACY_LENGTH);
}

// --- internal ---

function identityOf(record: unknown, { fields, isRequired }: DedupKey): unknown {
  if (fields === undefined) return record;
  const names = typeof fields === 'string' ? [fields] : fields;
  const missing = names.find((name) => typeof record !== 'object' || record === null || !Object.hasOwn(record, name));
  if (missing !== undefined) {
    if (isRequired) throw keyMissing(missing);
    return record; // the key of the table can be named as its columns are
  }
  const values = names.map((name) => Reflect.get(Object(record), name));
  return typeof fields === 'string' ? values[0] : values;
}

function keyMissing(field: string): PipelineError {
  return new PipelineError({
    code: 'KeyMissing',
    message: `A record has no \`${field}\`, which \`incremental.primary_key\` names.`,
    hint: 'Name fields that every record has, as the API calls them; `[]` tells no records apart.',
    facts: { field },
  });
}
