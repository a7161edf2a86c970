import type { DatasetColumn, DatasetTable } from '../../../load/described-table.ts';
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
  const tables = new Map<string, DatasetTable & { columns: DatasetColumn[] }>();
  for (const values of found?.rows ?? []) {
    const row = named(values, found?.fields ?? []);
    const name = String(row.table_name);
    const table = tables.get(name) ?? { name, comment: textOrNull(row.table_comment), columns: [] };
    tables.set(name, table);
    const native = String(row.data_type);
    table.columns.push({
      name: String(row.column_name),
      type: duckdbTypeOfBigquery(native) ?? native,
      nullable: row.is_nullable === true,
      comment: textOrNull(row.column_comment),
    });
  }
  return [...tables.values()];
}

// --- internal ---

function named(values: readonly unknown[], fields: readonly BigqueryField[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(fields.map((field, at) => [field.name, serverValue(values[at], field)]));
}

function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
