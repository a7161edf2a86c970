import { qualifiedName, quotedIdentifier, quotedString } from '../../duckdb/quote.ts';
import type { ColumnPlan } from '../../load/table-plan.ts';
import { type Target, targetTable } from '../../load/target.ts';

export async function createDataset({ connection, catalog, dataset }: Target): Promise<void> {
  await connection.run(`create schema if not exists ${qualifiedName(catalog, dataset)}`);
}

export async function createTable(target: Target, name: string, definitions: readonly string[]): Promise<void> {
  await target.connection.run(`create table ${targetTable(target, name)} (${definitions.join(', ')})`);
}

export function columnDefinition({ name, type, required }: Pick<ColumnPlan, 'name' | 'type' | 'required'>): string {
  return `${quotedIdentifier(name)} ${type}${required ? ' not null' : ''}`;
}

export async function addColumn(target: Target, table: string, { name, type }: ColumnPlan): Promise<void> {
  await target.connection.run(`alter table ${targetTable(target, table)} add column ${quotedIdentifier(name)} ${type}`);
}

export async function dropTable(target: Target, table: string): Promise<void> {
  await target.connection.run(`drop table ${targetTable(target, table)}`);
}

export async function renameTable(target: Target, from: string, to: string): Promise<void> {
  await target.connection.run(`alter table ${targetTable(target, from)} rename to ${quotedIdentifier(to)}`);
}

/** What a table and its columns are, for their comments. */
export interface Descriptions {
  readonly table?: string | undefined;
  readonly columns: ReadonlyMap<string, string>;
}

/** `comment on` takes no parameters. One run for all: a first load has fifty of them. */
export async function commentOn(target: Target, table: string, { table: text, columns }: Descriptions): Promise<void> {
  const name = targetTable(target, table);
  const statements = [...columns].map(
    ([column, comment]) => `comment on column ${name}.${quotedIdentifier(column)} is ${quotedString(comment)}`,
  );
  if (text !== undefined) statements.unshift(`comment on table ${name} is ${quotedString(text)}`);
  if (statements.length > 0) await target.connection.run(statements.join(';\n'));
}
