import { keepsVersions } from '../../schema/hints.ts';
import { columnName } from '../../schema/naming.ts';
import type { ColumnHint, ResourceHints, WriteDisposition } from '../../schema/resource-hints.ts';
import { configuredStrategy, factsOf } from '../../schema/strategies.ts';
import { instantOf } from '../../values/coerce.ts';
import { below, type Finding } from './finding.ts';

interface Merged extends Pick<ResourceHints, 'primary_key' | 'merge_key' | 'columns' | 'nested_hints'> {
  readonly write_disposition?: WriteDisposition | undefined;
}

/** What of a resource's write disposition, and of the hints that merging reads, does not go together. */
export function checkMerge(resource: Merged): Finding[] {
  const { write_disposition, columns, nested_hints = {} } = resource;
  return [
    ...checkKeys(resource),
    ...below(['write_disposition'], checkVersions(write_disposition)),
    ...checkLoneHints(columns),
    ...Object.entries(nested_hints).flatMap(([table, hint]) =>
      below(['nested_hints', table], checkLoneHints(hint.columns)),
    ),
  ];
}

// --- internal ---

/** dlt appends when a merge has no key: silently wrong. */
function checkKeys({ write_disposition: disposition, primary_key, merge_key, columns = {} }: Merged): Finding[] {
  const strategy = disposition === undefined ? undefined : configuredStrategy(disposition);
  const needs = strategy === undefined ? 'no key' : factsOf(strategy).needs;
  const hints = Object.values(columns);
  const hasPrimary = primary_key !== undefined || hints.some((hint) => hint.primary_key === true);
  const hasMerge = merge_key !== undefined || hints.some((hint) => hint.merge_key === true);
  const path = ['write_disposition'];
  if (needs === 'no key' || hasPrimary) return [];
  if (needs === 'primary key') return [{ path, message: `\`${strategy}\` needs a \`primary_key\`` }];
  return hasMerge ? [] : [{ path, message: '`merge` needs a `primary_key` or a `merge_key`' }];
}

const timestamps = ['boundary_timestamp', 'active_record_timestamp'] as const;

function checkVersions(disposition: Merged['write_disposition']): Finding[] {
  if (!keepsVersions(disposition)) return [];
  const unreadable = timestamps.flatMap((key) => {
    const text = disposition[key];
    const message = `expected a timestamp, such as 2026-01-31 or 2026-01-31T12:00:00Z, got \`${text}\``;
    return typeof text === 'string' && instantOf(text) === undefined ? [{ path: [key], message }] : [];
  });
  const [from, to] = (disposition.validity_column_names ?? []).map((key) => columnName(key));
  if (from === undefined || from !== to) return unreadable;
  return [...unreadable, { path: ['validity_column_names'], message: `expected two columns, got \`${from}\` twice` }];
}

/** Of several columns that say which rows are deleted, or which row of a key stays, one would be taken without a word. */
function checkLoneHints(columns: Readonly<Record<string, ColumnHint>> = {}): Finding[] {
  return (['hard_delete', 'dedup_sort'] as const).flatMap((hint) => {
    const [first, ...others] = Object.keys(columns).filter((column) => columns[column]?.[hint]);
    const message = `only one column of a table can have it, and \`${first}\` does`;
    return others.map((column) => ({ path: ['columns', column, hint], message }));
  });
}
