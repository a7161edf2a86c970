import type { ChainPlan } from '../../../load/plan.ts';
import type { RowCounts } from '../../../load/row-counts.ts';
import { tally } from '../../../load/row-tally.ts';
import { keyColumns } from '../../../load/staging/row-source.ts';
import { fragment } from '../../../load/staging/sql-fragment.ts';
import { restrictedTo, type Survivors } from '../../../load/staging/survivors.ts';
import { columnsNamed, type TablePlan } from '../../../load/table-plan.ts';
import { DLT_ID, DLT_ROOT_ID } from '../../../schema/names.ts';
import { settleAbsent } from './absent-rows.ts';
import { addChain, addRows } from './added-chain.ts';
import { withSurvivors } from './kept-rows.ts';
import type { Step } from './load-script.ts';
import { mergeRows, type StagedTable, sameValues, stageTable } from './merged-rows.ts';
import { withServerKeys } from './own-server-keys.ts';
import { columnOf, isEmptyBefore, relationOf, type ServerLoad } from './server-load.ts';
import { id, matchedIds, type StagedKeys, stageKeys } from './staged-keys.ts';

/**
 * `upsert`: rows whose primary key is there are updated where they are, others inserted; nested rows follow by their `_dlt_id`,
 * and list items that are gone are deleted. Rows marked `hard_delete` are deleted with everything nested.
 */
export async function updateOrInsert(load: ServerLoad, chain: ChainPlan): Promise<RowCounts> {
  const { root } = chain;
  if (root.rows === 0) {
    await load.script.perform(await settleAbsent(load, chain, undefined));
    return {};
  }
  const { primary } = keyColumns(root);
  return withSurvivors(load, root, { identity: primary, required: primary }, async (survivors) => {
    const keys = isEmptyBefore(chain, root) ? undefined : await stageKeys(load, root, survivors);
    const rekeyed =
      keys === undefined
        ? await addChain(load, chain, (table) => restrictedTo(survivors, table))
        : await mergeChain(load, chain, { ...keys, sets: [primary] }, survivors);
    return { duplicates: survivors.duplicates, marked: survivors.marked, rekeyed };
  });
}

async function mergeChain(load: ServerLoad, chain: ChainPlan, keys: StagedKeys, survivors: Survivors): Promise<number> {
  const { root, nested } = chain;
  const absent = await settleAbsent(load, chain, keys);
  const question = (table: TablePlan) => ({
    among: restrictedTo(survivors, table),
    staying: isEmptyBefore(chain, table) ? undefined : (own: StagedTable) => staysBeside(load, keys, table, own),
  });
  return withServerKeys(load, chain, question, async (settled) => {
    const which = { complete: true };
    const rows = await stageTable(settled, root, { ...which, which: restrictedTo(survivors, root) });
    const lists: { table: TablePlan; staged: StagedTable | undefined }[] = [];
    for (const table of nested.filter((one) => !isEmptyBefore(chain, one))) {
      const choice = { ...which, which: restrictedTo(survivors, table) };
      lists.push({ table, staged: table.rows === 0 ? undefined : await stageTable(settled, table, choice) });
    }
    const { script } = settled;
    await script.perform(lists.map((list) => deleteVanished(settled, keys, list)));
    if (!survivors.areAll) await script.perform([deleteMarked(settled, keys)]);
    await script.perform(await mergeRows(settled, rows, keys.sets.flat()));
    for (const { table, staged } of lists) {
      if (staged !== undefined) await script.perform(await mergeRows(settled, staged, columnsNamed(table, DLT_ID)));
    }
    for (const table of nested.filter((one) => isEmptyBefore(chain, one)))
      await script.perform(addRows(settled, table, restrictedTo(survivors, table)));
    await script.perform(absent);
  });
}

/** Nested rows of the root rows that the package brings again, without those that it brings too. */
function deleteVanished(
  load: ServerLoad,
  keys: StagedKeys,
  { table, staged }: { table: TablePlan; staged: StagedTable | undefined },
): Step {
  const d = (name: string) => columnOf(load, 'd', name);
  const come =
    staged === undefined
      ? ''
      : ` and not exists (select 1 from ${staged.from} as s where ${columnOf(load, 's', DLT_ID)} = ${d(DLT_ID)})`;
  const ids = fragment(
    `select ${d(DLT_ID)} as ${id(load)} from ${relationOf(load, table)} as d
     where ${d(DLT_ROOT_ID)} in (${matchedIds(load, keys).sql})${come}`,
  );
  return {
    run: load.server.dialect.deleteIn(relationOf(load, table), DLT_ID, ids),
    counted: (deleted) => tally(load.tallies, table.name, { deleted }),
  };
}

function deleteMarked(load: ServerLoad, keys: StagedKeys): Step {
  const { root } = keys;
  const run = load.server.dialect.deleteIn(relationOf(load, root), DLT_ID, matchedIds(load, keys, 'none kept'));
  return { run, counted: (deleted) => tally(load.tallies, root.name, { deleted }) };
}

/** SQL of whether row `d` keeps its `_dlt_id` when row `s`, which brought the same, is written. */
function staysBeside(load: ServerLoad, keys: StagedKeys, table: TablePlan, own: StagedTable): string {
  if (table !== keys.root) return `${columnOf(load, 'd', DLT_ROOT_ID)} not in (${matchedIds(load, keys).sql})`;
  return `not (${sameValues(load, own, keys.sets.flat())})`;
}
