import { nullInOldRows } from '../../../load/old-nulls.ts';
import { fragment } from '../../../load/staging/sql-fragment.ts';
import { type ColumnPlan, isNested, type TablePlan } from '../../../load/table-plan.ts';
import { ownComment } from '../../../schema/column-comments.ts';
import { DLT_ID, DLT_LOAD_ID, DLT_PARENT_ID, DLT_ROOT_ID } from '../../../schema/names.ts';
import { isMadeHere } from '../../made-views.ts';
import type { Comments, DefinedColumn, Dialect } from '../dialect.ts';
import { relationOf, type ServerLoad } from './server-load.ts';
import { nativeType } from './staged-rows.ts';

/** Makes the table what its plan says; parents have to come before their nested tables. */
export async function shapeTable(load: ServerLoad, table: TablePlan, isIndexed: boolean): Promise<void> {
  const { dialect, transport } = load.server;
  const relation = relationOf(load, table);
  const run = (sql: string) => transport.execute(fragment(sql));
  if (table.action === 'create') {
    await run(
      dialect.createTable(
        relation,
        table.columns.map((column) => defined(column, dialect)),
        commentsOf(table),
      ),
    );
    if (isIndexed && dialect.createUnique !== undefined) {
      for (const { name } of table.columns.filter(({ schema }) => schema.unique === true))
        await run(dialect.createUnique(load.dataset, table.name, name));
    }
  } else {
    const added = table.columns.filter(({ actual }) => actual === null);
    const columns = added.map((column) => ({ ...defined(column, dialect), required: false }));
    if (columns.length > 0) for (const sql of dialect.addColumns(relation, columns)) await run(sql);
    for (const { name } of added) await fillOldRows(load, table, name);
    if (table.action === 'rebuild') await changeColumns(load, table);
  }
  if (table.action === 'create' && dialect.createsWithComments === true) return;
  for (const sql of dialect.comments(relation, commentsOf(table))) await run(sql);
}

/**
 * Why the columns of a table cannot change: the engine cannot do it, or something stands in the way.
 *
 * @returns undefined if they can
 */
export async function whyNotChanged(
  { transport, dialect }: ServerLoad['server'],
  dataset: string,
  table: TablePlan,
): Promise<string | undefined> {
  if (dialect.changes === undefined) return `${dialect.engine} changes no columns`;
  if (!table.columns.some(widens)) return undefined;
  const all = await transport.rows(dialect.changes.hindrances(dataset, table.actual?.name ?? table.name));
  const found = all.filter(({ comment }) => typeof comment !== 'string' || !isMadeHere(comment));
  if (found.length === 0) return undefined;
  return `${found.map(({ name }) => `\`${name}\``).join(', ')} depends on it`;
}

function defined(column: ColumnPlan, dialect: Dialect): DefinedColumn {
  return { name: column.name, type: nativeType(column, dialect), required: column.required };
}

function widens({ actual, type }: ColumnPlan): boolean {
  return actual !== null && actual.type !== type;
}

async function changeColumns(load: ServerLoad, table: TablePlan): Promise<void> {
  const { dialect, transport } = load.server;
  const { changes } = dialect;
  if (changes === undefined) return;
  const relation = relationOf(load, table);
  const run = (sql: string) => transport.execute(fragment(sql));
  for (const column of table.columns.filter((one) => one.rebuilt && widens(one)))
    await run(changes.widen(relation, defined(column, dialect)));
  const required = table.columns.filter(({ required, actual }) => required && actual?.nullable !== false);
  await refuseNulls(load, table, required);
  for (const { name, actual } of required) await run(changes.require(relation, actual?.name ?? name));
}

async function refuseNulls(load: ServerLoad, table: TablePlan, required: readonly ColumnPlan[]): Promise<void> {
  if (required.length === 0) return;
  const { dialect, transport } = load.server;
  const counts = required.map(({ name }) => {
    const column = dialect.identifier(name);
    return `sum(case when ${column} is null then 1 else 0 end) as ${column}`;
  });
  const [row] = await transport.rows(fragment(`select ${counts.join(', ')} from ${relationOf(load, table)}`));
  for (const { name } of required) {
    const rows = Number(row?.[name.toLowerCase()] ?? 0);
    if (rows > 0) throw nullInOldRows(table, name, rows);
  }
}

/** What rows that are there already get in a column of dlt's that they lack. */
async function fillOldRows(load: ServerLoad, table: TablePlan, column: string): Promise<void> {
  const { dialect, transport } = load.server;
  const relation = relationOf(load, table);
  const name = dialect.identifier(column);
  const set = (value: string, ...values: string[]) =>
    transport.execute(fragment(`update ${relation} set ${name} = ${value} where ${name} is null`, ...values));
  if (column === DLT_ID) await set(dialect.uniqueText);
  else if (column === DLT_LOAD_ID) await set('?', load.loadId);
  else if (column === DLT_ROOT_ID && isNested(table) && table.parent === table.root)
    await set(dialect.identifier(DLT_PARENT_ID));
  else if (column === DLT_ROOT_ID && isNested(table)) await fillFromParents(load, table);
}

async function fillFromParents(load: ServerLoad, table: TablePlan): Promise<void> {
  const { dialect, transport } = load.server;
  const [id, parent, root] = [DLT_ID, DLT_PARENT_ID, DLT_ROOT_ID].map(dialect.identifier);
  const parents = dialect.relation(load.dataset, table.parent ?? table.root);
  await transport.execute(
    dialect.update({
      target: relationOf(load, table),
      source: `(select ${id} as ${parent}, ${root} from ${parents})`,
      columns: [DLT_ROOT_ID],
      on: [DLT_PARENT_ID],
      value: (column) => `s.${dialect.identifier(column)}`,
    }),
  );
}

/** Descriptions, and what the columns are that every table has. A comment that somebody wrote on something without description stays. */
function commentsOf(table: TablePlan): Comments {
  const { description } = table.schema;
  const columns = new Map<string, string>();
  for (const { name, schema, actual } of table.columns) {
    const comment = schema.description ?? (actual?.comment == null ? ownComment(schema, table.name) : undefined);
    if (comment !== undefined && comment !== actual?.comment) columns.set(actual?.name ?? name, comment);
  }
  return { table: description === table.actual?.comment ? undefined : description, columns };
}
