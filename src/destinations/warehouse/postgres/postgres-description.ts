import type { Asker } from '../../../load/asker.ts';
import type { DatasetColumn, DatasetTable } from '../../../load/described-table.ts';
import { textOrNull } from '../../../text/text-or-null.ts';
import { duckdbTypeOfPostgres } from './postgres-types.ts';

/** Tables and views of a dataset, the oldest first, with their columns in order; types by DuckDB's names where it has them. */
export async function describePostgres(ask: Asker['rows'], dataset: string): Promise<readonly DatasetTable[]> {
  const rows = await ask(RELATIONS, [dataset]);
  const tables = new Map<string, DatasetTable & { columns: DatasetColumn[] }>();
  for (const row of rows) {
    const name = String(row.name);
    const table = tables.get(name) ?? { name, comment: textOrNull(row.table_comment), columns: [] };
    tables.set(name, table);
    const native = String(row.data_type);
    table.columns.push({
      name: String(row.column_name),
      type: duckdbTypeOfPostgres(native) ?? native,
      nullable: row.nullable === true,
      comment: textOrNull(row.comment),
    });
  }
  return [...tables.values()];
}

// --- internal ---

/** What the user may read: of the rest a query would only fail. */
const RELATIONS = `
  select c.relname as name, obj_description(c.oid, 'pg_class') as table_comment,
         a.attname as column_name, format_type(a.atttypid, a.atttypmod) as data_type,
         not a.attnotnull or c.relkind in ('v', 'm') as nullable, col_description(c.oid, a.attnum) as comment
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where n.nspname = ? and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and has_schema_privilege(n.oid, 'usage') and has_column_privilege(c.oid, a.attnum, 'select')
  order by c.oid, a.attnum`;
