import type { Asker } from '../../../load/asker.ts';
import type { DatasetTable } from '../../../load/described-table.ts';
import { describedRelations } from '../described-tables.ts';
import { CATALOGUE_TYPE, duckdbTypeOfSnowflake, OWN_NAMES } from './snowflake-types.ts';

/** Tables and views of a dataset with their columns in order, types by DuckDB's names where it has them. */
export function describeSnowflake(ask: Asker['rows'], dataset: string): Promise<readonly DatasetTable[]> {
  return describedRelations(ask, dataset.toUpperCase(), { relations: RELATIONS, duckdbTypeOf: duckdbTypeOfSnowflake });
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
