import type { PipelineConfig } from '../config/pipeline-config.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import type { Effects } from '../effects.ts';
import { PipelineError } from '../errors.ts';
import type { DatasetColumn, DatasetTable } from '../load/described-table.ts';
import { isBookTable } from '../schema/names.ts';
import type { TableSchema } from '../schema/table-schema.ts';
import { shortened } from '../text/count.ts';
import { didYouMean } from '../text/nearest.ts';
import { queryLive } from './live-query.ts';

/** A table or view of the dataset. Times are ISO 8601, UTC. */
export interface ListedTable {
  readonly name: string;
  readonly comment: string | null;
  readonly columns: number;
  /** null: it is a view, or one of the books, whose rows nobody counted. */
  readonly rows: number | null;
  /** When the newest load that wrote rows of it was made; null where that is not known, as of nested tables. */
  readonly loadedAt: string | null;
  /** Resource whose records it holds; null: none in the schema document. */
  readonly resource: string | null;
  /** Table whose lists it holds: `_dlt_parent_id` is `_dlt_id` there. */
  readonly parent: string | null;
  /** Kept by the pipeline itself: `_dlt_…`, `_elt_…`. */
  readonly isBook: boolean;
}

export interface DescribedTable extends Omit<ListedTable, 'columns'> {
  readonly columns: readonly DescribedColumn[];
  /** Nested tables. */
  readonly children: readonly string[];
}

export interface DescribedColumn extends DatasetColumn {
  readonly isPrimaryKey: boolean;
  /** From 0 to 1; null: there are no rows, or it was not asked for. */
  readonly nullShare: number | null;
}

/** Tables and views, in the order in which the destination has them, the books last. */
export async function tables(config: PipelineConfig): Promise<readonly ListedTable[]> {
  const { all, listed } = await known(config);
  return all.map((table) => ({ ...listed(table), columns: table.columns.length }));
}

/**
 * One table with its columns and their shares of nulls, which all of its rows are read for; beyond five seconds, or where it cannot be
 * read, they are null.
 *
 * @throws PipelineError UsageInvalid: there is no such table
 */
export async function describeTable(
  config: PipelineConfig,
  name: string,
  effects: Pick<Effects, 'sleep'>,
): Promise<DescribedTable> {
  const { all, listed, schemas } = await known(config);
  const table = all.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (table === undefined) throw noTable(name, all);
  const shares = await nullShares(config, table, effects);
  const hints = schemas[table.name]?.columns ?? {};
  return {
    ...listed(table),
    columns: table.columns.map((column, index) => ({
      ...column,
      isPrimaryKey: hints[column.name]?.primary_key === true,
      nullShare: shares[index] ?? null,
    })),
    children: all.filter((one) => schemas[one.name]?.parent === table.name).map((one) => one.name),
  };
}

// --- internal ---

const MOST_NAMES = 40;

async function known(config: PipelineConfig) {
  const destination = destinationOf(config);
  const reader = await destination.reader();
  const found = reader.tables;
  reader.close();
  const summary = await destination.summary(1);
  const { schema } = await destination.books();
  const schemas: Readonly<Record<string, TableSchema | undefined>> = schema?.tables ?? {};
  const listed = ({ name, comment }: DatasetTable) => {
    const counted = summary?.tables.find((one) => one.name === name);
    return {
      name,
      comment,
      rows: counted?.rows ?? null,
      loadedAt: counted?.loadedAt ?? null,
      resource: schemas[name]?.resource ?? null,
      parent: schemas[name]?.parent ?? null,
      isBook: isBookTable(name),
    };
  };
  const all = [...found.filter(({ name }) => !isBookTable(name)), ...found.filter(({ name }) => isBookTable(name))];
  return { all, schemas, listed };
}

async function nullShares(
  config: PipelineConfig,
  { name, columns }: DatasetTable,
  effects: Pick<Effects, 'sleep'>,
): Promise<readonly (number | null)[]> {
  const { identifier } = await destinationOf(config).words();
  const counts = columns.map((column) => `count(${identifier(column.name)})`);
  const sql = `select count(*), ${counts.join(', ')} from ${identifier(name)}`;
  const limits = { rows: 1, bytes: 1_000_000, seconds: 5 };
  const [row = []] = await queryLive(config, sql, limits, effects).then(
    ({ rows }) => rows,
    () => [],
  );
  const [all = 0, ...filled] = row.map((cell) => Number(cell.replaceAll('"', '')));
  return filled.map((count) => (all === 0 ? null : (all - count) / all));
}

function noTable(name: string, all: readonly DatasetTable[]): PipelineError {
  const names = all.map((one) => one.name);
  return new PipelineError({
    code: 'UsageInvalid',
    message: `There is no table \`${name}\` in the dataset${didYouMean(name, names) || '.'}`,
    hint: `It has these: ${shortened(names, MOST_NAMES)}.`,
    facts: { table: name },
  });
}
