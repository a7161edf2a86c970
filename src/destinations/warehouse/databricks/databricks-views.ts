import type { ViewSql } from '../dialect.ts';
import { databricksLiteral } from './databricks-names.ts';

export const databricksViews: ViewSql = {
  make: (relation, select, comment) => [
    `create or replace view ${relation} comment ${databricksLiteral(comment)} as ${select}`,
  ],
  drop: (relations) => relations.map((relation) => `drop view if exists ${relation}`),
  day: (instant) => `cast(${instant} as date)`,
  amount: (column) => `try_cast(${column} as decimal(38, 12))`,
};
