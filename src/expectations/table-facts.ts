import type { ResolvedResource } from '../config/pipeline-config.ts';
import { PipelineError } from '../errors.ts';
import type { ActualColumn, Catalogue } from '../load/catalogue.ts';
import { type Fragment, fragment } from '../load/staging/sql-fragment.ts';
import { DELETED_AT } from '../schema/names.ts';
import { normalizePath } from '../schema/naming.ts';
import { didYouMean } from '../text/nearest.ts';
import type { AskedDataset, AskingSql } from './asked-dataset.ts';
import type { Expectation } from './expectation.ts';

/** A table as an expectation sees it. */
export interface TableFacts {
  readonly name: string;
  /** Its rows, but those that are only there to tell what was: marked as deleted, or an old version. */
  readonly rows: Fragment;
  /** In the table's order. */
  readonly columns: readonly ActualColumn[];
  /** Those that tell a row from the others come first. */
  readonly key: readonly string[];
}

/** Undefined of a table that is not there: it has no rows. */
export function tableFacts(
  { tableName, sql }: Pick<AskedDataset, 'tableName' | 'sql'>,
  catalogue: Catalogue,
  { table = '', resource }: Pick<Expectation, 'table' | 'resource'>,
): TableFacts | undefined {
  const found = catalogue.get(table.toLowerCase());
  if (found === undefined) return undefined;
  const { name, columns } = found;
  const isLive = liveRows(resource, new Set(columns.keys()), sql);
  return {
    name,
    rows: fragment(`(select * from ${tableName(name)} where ${isLive.sql}) as live`, ...isLive.values),
    columns: [...columns.values()],
    key: resource?.table_name === table ? [resource.primary_key ?? []].flat() : [],
  };
}

/**
 * The column that a configuration names, as the source or as the table calls it.
 *
 * @throws PipelineError ConfigInvalid: there is none
 */
export function columnOf(
  { name: table, columns }: TableFacts,
  written: string,
  expectation: Expectation,
): ActualColumn {
  const names = new Set([written.toLowerCase(), normalizePath(written)]);
  const column = columns.find(({ name }) => names.has(name.toLowerCase()));
  if (column !== undefined) return column;
  const there = columns.map(({ name }) => name);
  throw new PipelineError({
    code: 'ConfigInvalid',
    message: `The expectation \`${expectation.name}\` is about \`${written}\`, which table \`${table}\` does not have${didYouMean(written, there) || '.'} Nothing was published.`,
    hint: `Correct the name; a column for which only null came so far is there with a type: \`columns: { ${written}: { data_type: text } }\`.`,
    facts: { expectation: expectation.name, table, column: written, columns: there },
  });
}

// --- internal ---

function liveRows(
  resource: ResolvedResource | undefined,
  columns: ReadonlySet<string>,
  { identifier, instant }: AskingSql,
): Fragment {
  if (columns.has(DELETED_AT)) return fragment(`${identifier(DELETED_AT)} is null`);
  const until = validUntil(resource);
  if (until === undefined || !columns.has(until.column.toLowerCase())) return fragment('true');
  const column = identifier(until.column);
  return until.active === null
    ? fragment(`${column} is null`)
    : fragment(`${column} = ${instant('?', { type: 'TIMESTAMP WITH TIME ZONE' })}`, until.active);
}

/** The end of a version of a row, and what stands there as long as it is valid. */
function validUntil(resource: ResolvedResource | undefined): { column: string; active: string | null } | undefined {
  const written = resource?.write_disposition;
  if (written === undefined || !('strategy' in written) || written.strategy === undefined) return undefined;
  const [, column = '_dlt_valid_to'] = 'validity_column_names' in written ? (written.validity_column_names ?? []) : [];
  const active = 'active_record_timestamp' in written ? written.active_record_timestamp : undefined;
  return { column, active: active ?? null };
}
