import { fragment } from '../../../load/staging/sql-fragment.ts';
import type { Dialect } from '../dialect.ts';
import { sameKeys, standardDml } from '../standard-dml.ts';

type Shared =
  | keyof ReturnType<typeof standardDml>
  | 'literal'
  | 'identifier'
  | 'relation'
  | 'createDataset'
  | 'createTable'
  | 'comments'
  | 'update'
  | 'datasetExists';

/** Statements that PostgreSQL has, and every engine that descends from it. */
export function postgresSql(identifier: Dialect['identifier'], literal: Dialect['literal']): Pick<Dialect, Shared> {
  return {
    ...standardDml(identifier),
    literal,
    identifier,
    relation: (dataset, table) => `${identifier(dataset)}.${identifier(table)}`,
    createDataset: (dataset) => `create schema if not exists ${identifier(dataset)}`,
    createTable: (relation, columns) => {
      const definitions = columns.map(
        ({ name, type, required }) => `${identifier(name)} ${type}${required ? ' not null' : ''}`,
      );
      return `create table ${relation} (${definitions.join(', ')})`;
    },
    comments: (relation, { table, columns }) => [
      ...(table === undefined ? [] : [`comment on table ${relation} is ${literal(table)}`]),
      ...[...columns].map(
        ([column, text]) => `comment on column ${relation}.${identifier(column)} is ${literal(text)}`,
      ),
    ],
    update: (merge) => {
      const { target, source, columns, value } = merge;
      const set = columns.map((column) => `${identifier(column)} = ${value(column)}`);
      return fragment(
        `update ${target} as d set ${set.join(', ')} from ${source} as s where ${sameKeys(identifier, merge)}`,
      );
    },
    datasetExists: (dataset) => fragment('select 1 as "exists" from pg_namespace where nspname = ?', dataset),
  };
}
