/** Tables and views of a dataset, column by column, as far as the user may read them. Late-binding views have no columns here. */
export const redshiftRelations = `
  select c.relname as name, t.description as table_comment,
         a.attname as column_name, format_type(a.atttypid, a.atttypmod) as data_type,
         not a.attnotnull or c.relkind = 'v' as nullable, d.description as comment
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_description as t on t.objoid = c.oid and t.objsubid = 0
  left join pg_description as d on d.objoid = c.oid and d.objsubid = a.attnum
  where n.nspname = lower(?) and c.relkind in ('r', 'v')
    and has_schema_privilege(n.nspname, 'usage') and has_table_privilege(c.oid, 'select')
  order by c.oid, a.attnum`;
