import { qualifiedName, quotedIdentifier, quotedString } from '../../../duckdb/quote.ts';
import { fragment } from '../../../load/staging/sql-fragment.ts';
import type { CarriedColumn, Carrier, Dialect } from '../dialect.ts';
import { postgresSql } from '../wire/postgres-sql.ts';
import { postgresQuestions } from './postgres-questions.ts';
import { duckdbTypeOfPostgres, postgresType } from './postgres-types.ts';
import { postgresViews } from './postgres-views.ts';

/** PostgreSQL 12 and later. Names are quoted as they are; it folds only those that are not. */
export const postgresDialect: Dialect = {
  ...postgresSql(quotedIdentifier, quotedString),
  engine: 'PostgreSQL',
  dltType: 'dlt.destinations.postgres',
  atomic: 'load',
  copiesIntoTables: true,
  merges: false, // an update and an insert are as fast, tell how many rows each wrote, and work before version 15
  refusesNul: true,
  uniqueText: 'md5(random()::text || clock_timestamp()::text || random()::text)',
  changes: {
    widen: (relation, { name, type }) =>
      `alter table ${relation} alter column ${quotedIdentifier(name)} type ${type} using ${quotedIdentifier(name)}::${type}`,
    require: (relation, column) => `alter table ${relation} alter column ${quotedIdentifier(column)} set not null`,
    hindrances: (dataset, table) =>
      fragment(
        `select distinct v.relname as name, case when n.nspname = ? then obj_description(v.oid, 'pg_class') end as comment
         from pg_depend as p
         join pg_rewrite as r on r.oid = p.objid
         join pg_class as v on v.oid = r.ev_class
         join pg_namespace as n on n.oid = v.relnamespace
         where p.classid = 'pg_rewrite'::regclass and p.refclassid = 'pg_class'::regclass
           and p.refobjid = to_regclass(?)::oid and v.oid <> p.refobjid
         order by name`,
        dataset,
        qualifiedName(dataset, table),
      ),
  },
  // Counted when a session ends, or a second later: what is read is what all others did that are over.
  writes: (dataset) =>
    fragment(
      `select relname, pg_relation_filenode(relid) as node, n_tup_ins, n_tup_upd, n_tup_del
       from pg_stat_user_tables where schemaname = ? order by relname`,
      dataset,
    ),
  asking: postgresQuestions,
  views: postgresViews,
  typeOf: postgresType,
  duckdbTypeOf: duckdbTypeOfPostgres,
  carrier,
  // A time of 0 would be none at all. It holds for tables too, such as one that a long query reads while its columns change.
  lock: (dataset, wait) => [
    fragment(`select set_config('lock_timeout', ?, true)`, `${Math.max(1, Math.round(wait))}ms`),
    fragment('select pg_advisory_xact_lock(hashtextextended(?, 0))', dataset),
  ],
  addColumns: (relation, columns) => {
    const added = columns.map(({ name, type }) => `add column ${quotedIdentifier(name)} ${type}`);
    return [`alter table ${relation} ${added.join(', ')}`];
  },
  createUnique: (dataset, table, column) =>
    `alter table ${qualifiedName(dataset, table)} add unique (${quotedIdentifier(column)})`,
  // Names with capitals are of somebody else: ours have none, and the two are different names here.
  catalogue: (dataset) =>
    fragment(
      `select c.relname as table_name, obj_description(c.oid, 'pg_class') as table_comment,
              a.attname as column_name, format_type(a.atttypid, a.atttypmod) as data_type, not a.attnotnull as is_nullable,
              pg_get_expr(e.adbin, e.adrelid) as column_default,
              (a.attgenerated <> '' or a.attidentity = 'a') as is_generated,
              col_description(c.oid, a.attnum) as column_comment
       from pg_class as c
       join pg_namespace as n on n.oid = c.relnamespace
       join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       left join pg_attrdef as e on e.adrelid = c.oid and e.adnum = a.attnum
       where n.nspname = ? and c.relkind in ('r', 'p')
         and c.relname = lower(c.relname) and a.attname = lower(a.attname)
       order by c.oid, a.attnum`,
      dataset,
    ),
};

/** CSV takes the text of everything; only what DuckDB writes in another way than PostgreSQL reads it is written so. */
function carrier({ type, native }: CarriedColumn): Carrier {
  return {
    type: native,
    write: (expression) => (type === 'BLOB' ? `'\\x' || lower(hex(${expression}))` : expression),
    read: (expression) => expression,
  };
}
