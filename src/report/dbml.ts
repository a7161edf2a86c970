import { duckdbType } from '../schema/duckdb-type.ts';
import { plainText } from '../text/plain-text.ts';
import type { Diagram, DiagramColumn, DiagramTable } from './schema-diagram.ts';

/** DBML (https://dbml.dbdiagram.io/docs), names in quotes, types as DuckDB writes them. */
export function dbml(dataset: string, { tables, links }: Diagram): string {
  const refs = links.map(
    ({ parent, parentColumn, child, childColumn }) =>
      `Ref: ${place(dataset, child, childColumn)} > ${place(dataset, parent, parentColumn)}`,
  );
  return [...tables.map((table) => tableText(dataset, table)), ...(refs.length === 0 ? [] : [refs.join('\n')])].join(
    '\n\n',
  );
}

// --- internal ---

function tableText(dataset: string, { name, description, columns }: DiagramTable): string {
  const key = columns.filter(({ isPrimaryKey }) => isPrimaryKey).map(({ schema }) => quoted(schema.name));
  return [
    `Table ${place(dataset, name)} {`,
    ...columns.map((column) => `  ${columnText(column, key.length === 1)}`),
    ...(key.length > 1 ? ['', '  indexes {', `    (${key.join(', ')}) [pk]`, '  }'] : []),
    ...(description === undefined ? [] : ['', `  Note: ${text(description)}`]),
    '}',
  ].join('\n');
}

function columnText({ schema, isPrimaryKey, isUnique }: DiagramColumn, isOnlyKey: boolean): string {
  const settings = [
    ...(isPrimaryKey && isOnlyKey ? ['pk'] : []),
    ...(isUnique ? ['unique'] : []),
    ...(schema.nullable === false ? ['not null'] : []),
    ...(schema.description === undefined ? [] : [`note: ${text(schema.description)}`]),
  ];
  const type = duckdbType(schema);
  const shown = /^[A-Z_]+(?:\(\d+,\d+\))?$/.test(type) ? type : `"${type}"`;
  return `${quoted(schema.name)} ${shown}${settings.length === 0 ? '' : ` [${settings.join(', ')}]`}`;
}

function place(...names: readonly string[]): string {
  return names.map(quoted).join('.');
}

/** DBML knows no escaped quote in a name. */
function quoted(name: string): string {
  return `"${plainText(name).replaceAll('"', "'")}"`;
}

function text(value: string): string {
  return `'${plainText(value).replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
