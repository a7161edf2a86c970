import { fragment } from '../../../load/staging/sql-fragment.ts';
import type { ViewSql } from '../dialect.ts';
import { DESCRIPTION, informationSchema } from './bigquery-catalogue.ts';
import { bigqueryLiteral } from './bigquery-names.ts';

export const bigqueryViews: ViewSql = {
  relations: (dataset) =>
    fragment(
      `select t.table_name as name, ${DESCRIPTION} as comment, t.table_type = 'VIEW' as is_view
       from ${informationSchema(dataset, 'TABLES')} as t
       left join ${informationSchema(dataset, 'TABLE_OPTIONS')} as o
         on o.table_name = t.table_name and o.option_name = 'description'`,
    ),
  // One statement: a view that cannot be made leaves the one before.
  make: (relation, select, comment) => [
    `create or replace view ${relation} options (description = ${bigqueryLiteral(comment)}) as ${select}`,
  ],
  drop: (relations) => relations.map((relation) => `drop view if exists ${relation}`),
  day: (instant) => `date(${instant})`,
  amount: (column) => `round(safe_cast(cast(${column} as string) as bignumeric), 12)`,
};
