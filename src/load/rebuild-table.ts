import type { Row } from '../duckdb/connection.ts';
import { qualifiedName, quotedIdentifier } from '../duckdb/quote.ts';
import { PipelineError } from '../errors.ts';
import { DLT_ID, DLT_LOAD_ID, DLT_PARENT_ID, DLT_ROOT_ID } from '../schema/names.ts';
import { keyPrefix } from '../schema/row-id.ts';
import type { ActualColumn } from './catalogue.ts';
import { type Fragment, fragment, joined } from './sql-fragment.ts';
import { constraintsOf, createIndex, indexesOf } from './table-attachments.ts';
import { columnDefinition, commentOnColumn, commentOnTable, createTable } from './table-ddl.ts';
import { columnNamed, isNested, type TablePlan } from './table-plan.ts';
import { type Target, targetTable } from './target.ts';

/**
 * A table with wider or newly required columns, made anew from its rows, in the transaction of the load. In one transaction
 * DuckDB refuses `set not null` after an update, `alter type` after an index was dropped, and has no
 * `add column … not null`; making the table anew works for all of them. Column order, defaults, comments, constraints and
 * indexes stay.
 */
export async function rebuildTable(target: Target, table: TablePlan, loadId: string): Promise<void> {
  const name = table.actual?.name ?? table.name;
  const constraints = await constraintsOf(target, name);
  const indexes = await indexesOf(target, name);
  const columns = rebuiltColumns(table, loadId);
  await refuseMissingKeys(target, table, columns);

  const replacement = `${name}#rebuilt`; // no naming convention makes such a name
  await inDataset(target, async () => {
    await createTable(target, replacement, [...columns.map(definition), ...constraints]);
    await copyRows(target, table, columns, replacement);
    await dropTable(target, name);
    await renameTable(target, replacement, name);
    for (const index of indexes) await createIndex(target, index);
  });
  await keepComments(target, table);
}

/** Indexes, defaults and constraints name things of the dataset without naming the file. */
async function inDataset({ connection, catalog, dataset }: Target, work: () => Promise<void>): Promise<void> {
  await connection.run(`use ${qualifiedName(catalog, dataset)}`);
  try {
    await work();
  } finally {
    await connection.run('use memory.main');
  }
}

interface RebuiltColumn {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly defaultValue: string | null;
  /** From the rows of the old table `o` and, where it is joined, the parent table `p`. */
  readonly value: Fragment;
}

/** The old columns in their order, then the new ones in the order of the schema document. */
function rebuiltColumns(table: TablePlan, loadId: string): RebuiltColumn[] {
  const old = [...(table.actual?.columns.values() ?? [])].map((actual) => keptColumn(table, actual));
  const added = table.columns
    .filter(({ actual }) => actual === null)
    .map(({ name, type, required }) => ({
      name,
      type,
      required,
      defaultValue: null,
      value: oldRowValue(table, name, type, loadId),
    }));
  return [...old, ...added];
}

function keptColumn(table: TablePlan, actual: ActualColumn): RebuiltColumn {
  const plan = table.columns.find((column) => column.actual === actual);
  const type = plan?.type ?? actual.type;
  const old = `o.${quotedIdentifier(actual.name)}`;
  return {
    name: actual.name,
    type,
    required: plan?.required === true || !actual.nullable,
    defaultValue: actual.defaultValue,
    value: fragment(type === actual.type ? old : `cast(${old} as ${type})`),
  };
}

/** What rows that are there already get in a column of dlt's that they lack. */
function oldRowValue(table: TablePlan, column: string, type: string, loadId: string): Fragment {
  if (column === DLT_ROOT_ID && isNested(table)) {
    return fragment(
      table.parent === table.root ? `o.${quotedIdentifier(DLT_PARENT_ID)}` : `p.${quotedIdentifier(DLT_ROOT_ID)}`,
    );
  }
  if (column === DLT_ID) return fragment('? || o.rowid', keyPrefix(loadId, `${table.name} as found`));
  if (column === DLT_LOAD_ID) return fragment('?', loadId);
  return fragment(`cast(null as ${type})`);
}

function oldRows(target: Target, table: TablePlan): string {
  const old = `${targetTable(target, table.name)} as o`;
  const needsParent =
    isNested(table) && table.parent !== table.root && columnNamed(table, DLT_ROOT_ID)?.actual === null;
  if (!needsParent) return old;
  return `${old} left join ${targetTable(target, table.parent ?? table.root)} as p
    on o.${quotedIdentifier(DLT_PARENT_ID)} = p.${quotedIdentifier(DLT_ID)}`;
}

/** A required column that stays empty in rows loaded earlier: nothing can be made up for a key. */
async function refuseMissingKeys(target: Target, table: TablePlan, columns: readonly RebuiltColumn[]): Promise<void> {
  const required = columns.filter((column) => column.required);
  if (required.length === 0) return;
  const missing = await countMissing(target, table, required);
  for (const { name } of required) {
    const rows = Number(missing?.[name] ?? 0);
    if (rows === 0) continue;
    const column = columnNamed(table, name)?.schema;
    const key = column?.primary_key === true || column?.merge_key === true;
    throw new PipelineError({
      code: key || name.startsWith('_dlt_') ? 'KeyMissing' : 'ContractViolated',
      message: `Column \`${name}\` of table \`${table.name}\` has to be NOT NULL now, but is null in rows loaded earlier: ${rows}.`,
      hint: `Fill or delete those rows (\`where "${name}" is null\`), or change the hint for \`${name}\` in the configuration.`,
      facts: { table: table.name, column: name, rows },
    });
  }
}

async function countMissing(
  target: Target,
  table: TablePlan,
  columns: readonly RebuiltColumn[],
): Promise<Row | undefined> {
  const counts = columns.map(({ name, value }) =>
    fragment(`count(*) filter (where (${value.sql}) is null) as ${quotedIdentifier(name)}`, ...value.values),
  );
  const list = joined(counts, ', ');
  return await target.connection.row(`select ${list.sql} from ${oldRows(target, table)}`, list.values);
}

async function copyRows(
  target: Target,
  table: TablePlan,
  columns: readonly RebuiltColumn[],
  replacement: string,
): Promise<void> {
  const list = joined(
    columns.map(({ value }) => value),
    ', ',
  );
  await target.connection.run(
    `insert into ${targetTable(target, replacement)} select ${list.sql} from ${oldRows(target, table)}`,
    list.values,
  );
}

async function dropTable(target: Target, table: string): Promise<void> {
  await target.connection.run(`drop table ${targetTable(target, table)}`);
}

async function renameTable(target: Target, from: string, to: string): Promise<void> {
  await target.connection.run(`alter table ${targetTable(target, from)} rename to ${quotedIdentifier(to)}`);
}

async function keepComments(target: Target, { actual }: TablePlan): Promise<void> {
  if (actual === null) return;
  if (actual.comment !== null) await commentOnTable(target, actual.name, actual.comment);
  for (const column of actual.columns.values()) {
    if (column.comment !== null) await commentOnColumn(target, actual.name, column.name, column.comment);
  }
}

function definition(column: RebuiltColumn): string {
  return columnDefinition(column) + (column.defaultValue === null ? '' : ` default ${column.defaultValue}`);
}
