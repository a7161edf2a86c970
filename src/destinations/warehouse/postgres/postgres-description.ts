/** Tables and views of a dataset, column by column, as far as the user may read them: of the rest a query would only fail. */
export const postgresRelations = `
  select c.relname as name, obj_description(c.oid, 'pg_class') as table_comment,
         a.attname as column_name, format_type(a.atttypid, a.atttypmod) as data_type,
         not a.attnotnull or c.relkind in ('v', 'm') as nullable, col_description(c.oid, a.attnum) as comment
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where n.nspname = ? and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and has_schema_privilege(n.oid, 'usage') and has_column_privilege(c.oid, a.attnum, 'select')
  order by c.oid, a.attnum`;
