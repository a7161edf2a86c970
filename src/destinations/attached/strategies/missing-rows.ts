import { quotedIdentifier } from '../../../duckdb/quote.ts';
import { requireFew } from '../../../load/delete-limit.ts';
import type { GoneRows, LoadContext } from '../../../load/load-context.ts';
import type { ChainPlan } from '../../../load/plan.ts';
import type { RowCounts } from '../../../load/row-counts.ts';
import { tally } from '../../../load/row-tally.ts';
import { equalColumns } from '../../../load/staging/replaced-rows.ts';
import { keyColumns } from '../../../load/staging/row-source.ts';
import type { ColumnPlan, TablePlan } from '../../../load/table-plan.ts';
import { targetTable } from '../../../load/target.ts';
import type { MissingRule } from '../../../package/layout.ts';
import { DELETED_AT, DLT_ID, DLT_LOAD_ID, DLT_ROOT_ID } from '../../../schema/names.ts';

const RETIRED = 'temp.main."load retired"';
const deletedAt = quotedIdentifier(DELETED_AT);
const rowId = quotedIdentifier(DLT_ID);
/** Merged rows carry the id of the load that brought them: the others did not come. */
const didNotCome = `${quotedIdentifier(DLT_LOAD_ID)} is distinct from ?`;

/**
 * Lets `load` merge the rows that came, then marks or deletes those that did not, as the plan says. What was marked before keeps
 * its time, and what comes again was made anew by the merge, without one. Where nothing vanished, nothing is written.
 *
 * @throws PipelineError DeletesTooMany: more than `max_delete` lets go
 */
export async function settlingMissing(
  context: LoadContext,
  { root, nested, missing }: ChainPlan,
  load: () => Promise<RowCounts>,
): Promise<RowCounts> {
  if (missing === undefined || root.action === 'create') return load();
  const before = await rowsBefore(context, root, missing);
  if (before.retired > 0) await keepRetired(context, root);
  const counts = await load();
  const lost = missing.isWhole ? await countMissing(context, root, missing) : 0;
  requireFew({ root, missing, lost, before: before.live, allowDelete: context.allowDelete });
  const returned = before.retired > 0 ? await takeReturned(context, root) : 0;
  if (missing.how === 'soft') {
    if (lost > 0) await retireMissing(context, root);
    noteGone(context, root, { retired: lost, returned });
  } else if (lost > 0) {
    for (const table of nested) noteGone(context, table, { deleted: await deleteNested(context, root, table) });
    noteGone(context, root, { deleted: await deleteMissing(context, root) });
  }
  return counts;
}

function noteGone({ gone, tallies }: LoadContext, { name }: TablePlan, rows: GoneRows): void {
  tally(tallies, name, { deleted: rows.deleted ?? 0, retired: rows.retired ?? 0 });
  const some = Object.entries(rows).filter(([, count]) => count > 0);
  if (some.length > 0) gone.set(name, Object.fromEntries(some));
}

interface RowsBefore {
  /** Those that may vanish. */
  readonly live: number;
  readonly retired: number;
}

async function rowsBefore(context: LoadContext, root: TablePlan, { how }: MissingRule): Promise<RowsBefore> {
  const retired = how === 'soft' ? `count(${deletedAt})` : '0';
  const row = await context.connection.row(
    `select count(*) as rows, ${retired} as retired from ${targetTable(context, root.name)}`,
  );
  const [rows, gone] = [Number(row?.rows ?? 0), Number(row?.retired ?? 0)];
  return { live: rows - gone, retired: gone };
}

/** Their keys, before the merge puts new rows in their places. */
async function keepRetired(context: LoadContext, root: TablePlan): Promise<void> {
  const keys = identity(root).map(({ name }) => quotedIdentifier(name));
  await context.connection.run(
    `create temp table ${RETIRED} as
     select distinct ${keys.join(', ')} from ${targetTable(context, root.name)} where ${deletedAt} is not null`,
  );
}

/** How many rows of those keys this load brought. */
async function takeReturned(context: LoadContext, root: TablePlan): Promise<number> {
  const row = await context.connection.row(
    `select count(*) as rows from ${targetTable(context, root.name)} as d
     semi join ${RETIRED} as r on ${equalColumns(identity(root), 'd', 'r')} where d.${quotedIdentifier(DLT_LOAD_ID)} = ?`,
    [context.loadId],
  );
  await context.connection.run(`drop table ${RETIRED}`);
  return Number(row?.rows ?? 0);
}

function identity(root: TablePlan): readonly ColumnPlan[] {
  const { primary, merge } = keyColumns(root);
  return primary.length > 0 ? primary : merge;
}

async function countMissing(context: LoadContext, root: TablePlan, { how }: MissingRule): Promise<number> {
  const row = await context.connection.row(
    `select count(*) as rows from ${targetTable(context, root.name)} where ${didNotCome}${how === 'soft' ? ` and ${deletedAt} is null` : ''}`,
    [context.loadId],
  );
  return Number(row?.rows ?? 0);
}

async function retireMissing(context: LoadContext, root: TablePlan): Promise<void> {
  await context.connection.run(
    `update ${targetTable(context, root.name)} set ${deletedAt} = make_timestamptz(?::bigint)
     where ${didNotCome} and ${deletedAt} is null`,
    [context.boundary, context.loadId],
  );
}

async function deleteNested(context: LoadContext, root: TablePlan, table: TablePlan): Promise<number> {
  return context.connection.change(
    `delete from ${targetTable(context, table.name)} where ${quotedIdentifier(DLT_ROOT_ID)} in
       (select ${rowId} from ${targetTable(context, root.name)} where ${didNotCome})`,
    [context.loadId],
  );
}

async function deleteMissing(context: LoadContext, root: TablePlan): Promise<number> {
  return context.connection.change(`delete from ${targetTable(context, root.name)} where ${didNotCome}`, [
    context.loadId,
  ]);
}
