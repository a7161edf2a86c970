import type { Asker } from '../../../load/asker.ts';
import type { DatasetColumn, DatasetTable } from '../../../load/described-table.ts';
import { CATALOGUE_TYPE, duckdbTypeOfSnowflake, OWN_NAMES } from './snowflake-types.ts';

/** Tables and views of a dataset with their columns in order, types by DuckDB's names where it has them. */
export async function describeSnowflake(ask: Asker['rows'], dataset: string): Promise<readonly DatasetTable[]> {
  const rows = await ask(RELATIONS, [dataset.toUpperCase()]);
  const tables = new Map<string, DatasetTable & { columns: DatasetColumn[] }>();
  for (const row of rows) {
    const name = String(row.name);
    const table = tables.get(name) ?? { name, comment: textOrNull(row.table_comment), columns: [] };
    tables.set(name, table);
    const native = String(row.data_type);
    table.columns.push({
      name: String(row.column_name),
      type: duckdbTypeOfSnowflake(native) ?? native,
      nullable: row.nullable === true,
      comment: textOrNull(row.comment),
    });
  }
  return [...tables.values()];
}

// --- internal ---

/** What the role may see. The oldest first, as far as that is known. */
const RELATIONS = `
  select lower(t.table_name) as name, t.comment as table_comment, lower(c.column_name) as column_name,
         ${CATALOGUE_TYPE} as data_type, c.is_nullable = 'YES' or t.table_type <> 'BASE TABLE' as nullable, c.comment as comment
  from information_schema.tables as t
  join information_schema.columns as c on c.table_schema = t.table_schema and c.table_name = t.table_name
  where t.table_schema = ? and ${OWN_NAMES}
  order by t.created, t.table_name, c.ordinal_position`;

function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
