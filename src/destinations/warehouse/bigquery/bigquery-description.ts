import type { DatasetTable } from '../../../load/described-table.ts';
import { describedTables } from '../described-tables.ts';
import { columnsOfDataset } from './bigquery-catalogue.ts';
import type { BigqueryField } from './bigquery-client.ts';
import { isNotFound } from './bigquery-errors.ts';
import { type BigqueryJobs, told } from './bigquery-jobs.ts';
import { duckdbTypeOfBigquery } from './bigquery-types.ts';
import { serverValue } from './bigquery-values.ts';

/** Tables and views of a dataset with their columns in order; types by DuckDB's names where it has them. None where there is no dataset. */
export async function describeBigquery(jobs: BigqueryJobs): Promise<readonly DatasetTable[]> {
  const found = await told(jobs.location, () =>
    jobs.rows(columnsOfDataset(jobs.dataset), []).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    }),
  );
  const { rows = [], fields = [] } = found ?? {};
  const columns = rows.map((values) => {
    const { table_name, is_nullable, column_comment, ...column } = named(values, fields);
    return { ...column, name: table_name, nullable: is_nullable, comment: column_comment };
  });
  return describedTables(columns, duckdbTypeOfBigquery);
}

// --- internal ---

function named(values: readonly unknown[], fields: readonly BigqueryField[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(fields.map((field, at) => [field.name, serverValue(values[at], field)]));
}
