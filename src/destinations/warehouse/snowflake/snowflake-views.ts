import { fragment } from '../../../load/staging/sql-fragment.ts';
import type { ViewSql } from '../dialect.ts';
import { snowflakeLiteral } from './snowflake-names.ts';

export const snowflakeViews: ViewSql = {
  relations: (dataset) =>
    fragment(
      `select lower(table_name) as name, comment as comment, table_type = 'VIEW' as is_view
       from information_schema.tables where table_schema = ? and table_name = upper(table_name)`,
      dataset.toUpperCase(),
    ),
  make: (relation, select, comment) => [
    `create or replace view ${relation} comment = ${snowflakeLiteral(comment)} as ${select}`,
  ],
  drop: (relations) => relations.map((relation) => `drop view if exists ${relation}`),
  day: (instant) => `cast(convert_timezone('UTC', ${instant}) as date)`,
  amount: (column) => `try_to_decimal(cast(${column} as varchar), 38, 12)`,
};
