import type { ChainPlan } from '../../../load/plan.ts';
import type { RowCounts } from '../../../load/row-counts.ts';
import { tally } from '../../../load/row-tally.ts';
import { keyColumns } from '../../../load/staging/row-source.ts';
import { type Fragment, fragment } from '../../../load/staging/sql-fragment.ts';
import { restrictedTo, type Survivors } from '../../../load/staging/survivors.ts';
import { countSharing, type Validity, validityOf, validityValues } from '../../../load/staging/validity.ts';
import { columnsNamed } from '../../../load/table-plan.ts';
import { DLT_ID } from '../../../schema/names.ts';
import { addRows } from './added-chain.ts';
import { withSurvivors } from './kept-rows.ts';
import type { Step } from './load-script.ts';
import { insertAbsent, type StagedTable, sameValues, stageTable } from './merged-rows.ts';
import { columnOf, isEmptyBefore, relationOf, type ServerLoad } from './server-load.ts';
import { instantValue } from './server-values.ts';
import { id, sameKey, stageKeys } from './staged-keys.ts';

/**
 * `scd2`: versions that the package does not have any more retire (`valid_to` becomes the boundary), new ones become active,
 * nothing is deleted. With a merge key only rows whose key is in the package retire.
 */
export async function keepVersions(load: ServerLoad, chain: ChainPlan): Promise<RowCounts> {
  const { root, nested } = chain;
  if (root.rows === 0) return {};
  const validity = validityOf(root, load.boundary);
  const { primary, merge } = keyColumns(root);
  const identity = primary.length > 0 ? primary : validity.version;
  return withSurvivors(load, root, { identity, required: [...primary, ...merge] }, async (survivors) => {
    const choice = { which: restrictedTo(survivors, root), given: validityValues(validity) };
    const staged = await stageTable(load, root, choice);
    const isEmpty = isEmptyBefore(chain, root);
    const steps: Step[] = isEmpty ? [] : await retireAbsent(load, staged, validity, survivors);
    const active = isActive(load, validity, 'd');
    const same = fragment(`${sameValues(load, staged, validity.version)} and ${active.sql}`, ...active.values);
    await load.script.perform([...steps, insertAbsent(load, staged, same)]);
    for (const table of nested) {
      if (table.rows === 0) continue;
      if (isEmptyBefore(chain, table)) await load.script.perform(addRows(load, table, restrictedTo(survivors, table)));
      else {
        const rows = await stageTable(load, table, { which: restrictedTo(survivors, table) });
        const there = fragment(sameValues(load, rows, columnsNamed(table, DLT_ID)));
        await load.script.perform([insertAbsent(load, rows, there)]);
      }
    }
    const sharing = primary.length > 0 ? 0 : await countSharing(load, root, survivors);
    return { duplicates: survivors.duplicates, marked: survivors.marked, sharing };
  });
}

/** SQL of whether a version is active; `alias` of its row, if it has one. */
function isActive(load: ServerLoad, { to, activeUntil }: Validity, alias?: string): Fragment {
  if (to === undefined) return fragment('1 = 1');
  const column = alias === undefined ? load.server.dialect.identifier(to.name) : columnOf(load, alias, to.name);
  if (activeUntil === null) return fragment(`${column} is null`);
  const until = instantValue(load.server.dialect, activeUntil);
  return fragment(`${column} = ${until.sql}`, ...until.values);
}

async function retireAbsent(
  load: ServerLoad,
  staged: StagedTable,
  validity: Validity,
  survivors: Survivors,
): Promise<Step[]> {
  const { to, version, boundary } = validity;
  const root = staged.table;
  if (to === undefined) return [];
  const { merge } = keyColumns(root);
  const keys = merge.length === 0 ? undefined : await stageKeys(load, root, survivors);
  const active = isActive(load, validity, 'd');
  const comes =
    keys === undefined ? '' : ` and exists (select 1 from ${keys.from} as k where ${sameKey(load, keys, merge)})`;
  const ids = fragment(
    `select ${columnOf(load, 'd', DLT_ID)} as ${id(load)} from ${relationOf(load, root)} as d
     where ${active.sql} and not exists (select 1 from ${staged.from} as s where ${sameValues(load, staged, version)})${comes}`,
    ...active.values,
  );
  const set = { column: to.name, value: instantValue(load.server.dialect, boundary) };
  const run = load.server.dialect.setIn(relationOf(load, root), set, {
    column: DLT_ID,
    ids,
    and: isActive(load, validity),
  });
  return [{ run, counted: (retired) => tally(load.tallies, root.name, { retired }) }];
}
