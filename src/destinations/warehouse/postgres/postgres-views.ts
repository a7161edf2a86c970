import { quotedString } from '../../../duckdb/quote.ts';
import { fragment } from '../../../load/staging/sql-fragment.ts';
import type { ViewSql } from '../dialect.ts';

const AMOUNT = '^\\s*[-+]?[0-9]{1,26}([.][0-9]+)?([eE][-+]?[0-9])?\\s*$';

export const postgresViews: ViewSql = {
  relations: (dataset) =>
    fragment(
      `select c.relname as name, obj_description(c.oid, 'pg_class') as comment, c.relkind = 'v' as is_view
       from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
       where n.nspname = ? and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S', 'i')`,
      dataset,
    ),
  // `create or replace` keeps the columns that a view has.
  make: (relation, select, comment) => [
    `drop view if exists ${relation}`,
    `create view ${relation} as ${select}`,
    `comment on view ${relation} is ${quotedString(comment)}`,
  ],
  drop: (relations) => [`drop view if exists ${relations.join(', ')}`],
  day: (instant) => `(${instant} at time zone 'UTC')::date`,
  amount: (column) => `case when ${column}::text ~ '${AMOUNT}' then ${column}::text::numeric(38, 12) end`,
};
