import type { Row } from '../../duckdb/connection.ts';
import { quotedIdentifier } from '../../duckdb/quote.ts';
import type { ActualColumn } from '../../load/catalogue.ts';
import { nullInOldRows } from '../../load/old-nulls.ts';
import { oldRows, oldRowValue } from '../../load/staging/old-rows.ts';
import { type Fragment, fragment, joined } from '../../load/staging/sql-fragment.ts';
import type { TablePlan } from '../../load/table-plan.ts';
import { enterDataset, leaveDataset, type Target, targetTable } from '../../load/target.ts';
import { type Making, referencing, withoutReferences } from './referencing-tables.ts';
import { foreignKeysOf } from './table-attachments.ts';
import { dropTable, renameTable } from './table-ddl.ts';
import { createShaped, finishShaped, readShape, type ShapeColumn, shapeColumn, writtenColumns } from './table-shape.ts';

/**
 * A table with wider or newly required columns, made anew from its rows, in the transaction of the load. In one transaction
 * DuckDB refuses `set not null` after an update, `alter type` after an index was dropped, and has no
 * `add column … not null`; making the table anew works for all of them. Column order, defaults, generated columns, comments,
 * constraints and indexes stay, and so do the tables that point to it. The dataset has to be the search path.
 */
export async function rebuildTable(target: Target, table: TablePlan, loadId: string): Promise<void> {
  const columns = rebuiltColumns(table, loadId);
  await refuseMissingKeys(target, table, columns);
  await makeAnew({ ...target, withRows: true }, table, columns);
}

/**
 * Tries it without rows and takes everything back.
 *
 * @returns the reason why it cannot be done; undefined if it can
 */
export async function whyNotRebuilt(target: Target, table: TablePlan): Promise<string | undefined> {
  const { connection } = target;
  const foreignKeys = await foreignKeysOf(target);
  const tables = [table.actual?.name ?? table.name, ...referencing(table.actual?.name ?? table.name, foreignKeys)];
  const own = foreignKeys.find((key) => key.table === key.references && tables.includes(key.table));
  if (own !== undefined) return `rows of \`${own.table}\` point to each other`;
  await connection.run('begin transaction');
  try {
    await enterDataset(target);
    await makeAnew({ ...target, withRows: false }, table, rebuiltColumns(table, ''));
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof Error) || !REFUSED.test(thrown.message)) throw thrown;
    return thrown.message.split('\n', 1)[0];
  } finally {
    await connection.run('rollback');
    await leaveDataset(target);
  }
}

/** About what was asked for, not about the file or the machine. */
const REFUSED = /^(Binder|Catalog|Constraint|Conversion|Dependency|Not implemented|Parser) Error/;

async function makeAnew(making: Making, table: TablePlan, columns: readonly RebuiltColumn[]): Promise<void> {
  const { actual } = table;
  if (actual === null) return;
  const foreignKeys = await foreignKeysOf(making);
  const shape = { ...(await readShape(making, actual, foreignKeys)), columns };
  const replacement = `${actual.name}#rebuilt`; // no naming convention makes such a name
  await withoutReferences(making, actual.name, foreignKeys, async () => {
    await createShaped(making, shape, replacement);
    if (making.withRows) await copyRows(making, table, columns, replacement);
    await dropTable(making, actual.name);
    await renameTable(making, replacement, actual.name);
  });
  await finishShaped(making, shape);
}

interface RebuiltColumn extends ShapeColumn {
  /** From the rows of the old table `o` and, where it is joined, the parent table `p`. */
  readonly value: Fragment;
}

/** The old columns in their order, then the new ones in the order of the schema document. */
function rebuiltColumns(table: TablePlan, loadId: string): RebuiltColumn[] {
  const old = [...(table.actual?.columns.values() ?? [])].map((actual) => keptColumn(table, actual));
  const added = table.columns.filter(({ actual }) => actual === null);
  return [
    ...old,
    ...added.map(({ name, type, required }) => {
      const value = oldRowValue(table, name, type, loadId);
      return { name, type, required, defaultValue: null, generated: false, value };
    }),
  ];
}

function keptColumn(table: TablePlan, actual: ActualColumn): RebuiltColumn {
  const plan = table.columns.find((column) => column.actual === actual);
  const type = plan?.type ?? actual.type;
  const old = `o.${quotedIdentifier(actual.name)}`;
  return {
    ...shapeColumn(actual),
    type,
    required: plan?.required === true || !actual.nullable,
    value: fragment(type === actual.type ? old : `cast(${old} as ${type})`),
  };
}

/** A required column that stays empty in rows loaded earlier: nothing can be made up for a key. */
async function refuseMissingKeys(target: Target, table: TablePlan, columns: readonly RebuiltColumn[]): Promise<void> {
  const required = columns.filter((column) => column.required);
  if (required.length === 0) return;
  const missing = await countMissing(target, table, required);
  for (const { name } of required) {
    const rows = Number(missing?.[name] ?? 0);
    if (rows === 0) continue;
    throw nullInOldRows(table, name, rows);
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
    columns.filter(({ generated }) => !generated).map(({ value }) => value),
    ', ',
  );
  await target.connection.run(
    `insert into ${targetTable(target, replacement)} (${writtenColumns({ columns })})
     select ${list.sql} from ${oldRows(target, table)}`,
    list.values,
  );
}
