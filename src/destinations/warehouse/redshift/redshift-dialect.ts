import { quotedIdentifier, quotedString } from '../../../duckdb/quote.ts';
import { fragment } from '../../../load/staging/sql-fragment.ts';
import type { CarriedColumn, Carrier, Dialect } from '../dialect.ts';
import { postgresSql } from '../wire/postgres-sql.ts';
import { redshiftQuestions } from './redshift-questions.ts';
import { duckdbTypeOfRedshift, LONGEST_TEXT, redshiftType } from './redshift-types.ts';

/** It folds quoted names, too. */
export const redshiftIdentifier = (name: string) => quotedIdentifier(name.toLowerCase());

/** A backslash escapes, in every text. */
export const redshiftLiteral = (text: string) => quotedString(text.replaceAll('\\', '\\\\'));

const sql = postgresSql(redshiftIdentifier, redshiftLiteral);

/** PostgreSQL's SQL, as far as Redshift has it: columns keep their types, and a table takes one new column a statement. */
export const redshiftDialect: Dialect = {
  ...sql,
  engine: 'Redshift',
  dltType: 'dlt.destinations.redshift',
  atomic: 'load',
  copiesIntoTables: false, // JSON comes out of its text in a statement after the COPY
  merges: false,
  refusesNul: true,
  longestText: LONGEST_TEXT,
  uniqueText: 'md5(random()::varchar || getdate()::varchar || random()::varchar)',
  asking: redshiftQuestions,
  typeOf: redshiftType,
  duckdbTypeOf: duckdbTypeOfRedshift,
  carrier,
  lock: () => [], // before a transaction has seen anything: the transport's matter
  addColumns: (relation, columns) =>
    columns.map(({ name, type }) => `alter table ${relation} add column ${redshiftIdentifier(name)} ${type}`),
  datasetExists: (dataset) => sql.datasetExists(dataset.toLowerCase()),
  // Names with capitals, of a cluster that keeps them apart, are of somebody else.
  catalogue: (dataset) =>
    fragment(
      `select c.relname as table_name, t.description as table_comment, a.attname as column_name,
              format_type(a.atttypid, a.atttypmod) as data_type, not a.attnotnull as is_nullable,
              pg_get_expr(e.adbin, e.adrelid) as column_default,
              coalesce(pg_get_expr(e.adbin, e.adrelid) like '"identity"(%', false) as is_generated,
              d.description as column_comment
       from pg_class as c
       join pg_namespace as n on n.oid = c.relnamespace
       join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       left join pg_attrdef as e on e.adrelid = c.oid and e.adnum = a.attnum
       left join pg_description as t on t.objoid = c.oid and t.objsubid = 0
       left join pg_description as d on d.objoid = c.oid and d.objsubid = a.attnum
       where n.nspname = ? and c.relkind = 'r'
         and c.relname = lower(c.relname) and a.attname = lower(a.attname)
       order by c.oid, a.attnum`,
      dataset.toLowerCase(),
    ),
};

/** What COPY cannot read out of a Parquet file, or only as one of several encodings, travels as text. */
function carrier({ type, native }: CarriedColumn): Carrier {
  const text = `character varying(${LONGEST_TEXT})`;
  const asText = (value: string) => `cast(${value} as VARCHAR)`;
  if (type === 'JSON') return { type: text, write: asText, read: (value) => `json_parse(${value})` };
  const cast = (value: string) => `cast(${value} as ${native})`;
  // Over a decimal, which has no more digits than the column has.
  if (type === 'HUGEINT')
    return { type: text, write: (value) => asText(`cast(${value} as DECIMAL(38,0))`), read: cast };
  if (type === 'TIME' || type.startsWith('DECIMAL')) return { type: text, write: asText, read: cast };
  const plain = ofFile[type];
  return {
    type: native,
    write: (value) => (plain === undefined ? value : `cast(${value} as ${plain})`),
    read: (value) => value,
  };
}

/** Other sizes than those that columns have. */
const ofFile: Readonly<Record<string, string>> = {
  TINYINT: 'SMALLINT',
  TIMESTAMP_S: 'TIMESTAMP',
  TIMESTAMP_MS: 'TIMESTAMP',
  TIMESTAMP_NS: 'TIMESTAMP',
};
