import { requireFew } from '../../../load/delete-limit.ts';
import type { GoneRows } from '../../../load/load-context.ts';
import type { ChainPlan } from '../../../load/plan.ts';
import { tally } from '../../../load/row-tally.ts';
import { keyColumns } from '../../../load/staging/row-source.ts';
import { type Fragment, fragment } from '../../../load/staging/sql-fragment.ts';
import type { TablePlan } from '../../../load/table-plan.ts';
import type { MissingRule } from '../../../package/layout.ts';
import { DELETED_AT, DLT_ID, DLT_LOAD_ID, DLT_ROOT_ID } from '../../../schema/names.ts';
import type { Step } from './load-script.ts';
import { columnOf, relationOf, type ServerLoad } from './server-load.ts';
import { instantValue } from './server-values.ts';
import { id, isAbsent, type StagedKeys, sameKey } from './staged-keys.ts';
import { KEPT_ROWS } from './staged-rows.ts';

/**
 * What becomes of the rows that did not come, as the plan says: looked at before the load writes, done after it. What was marked
 * before keeps its time, and what comes again was made anew by the merge, without one.
 *
 * @param keys of the rows that came; undefined: none came
 * @returns what is to be done when the rows that came are written
 * @throws PipelineError DeletesTooMany: more than `max_delete` lets go
 */
export async function settleAbsent(
  load: ServerLoad,
  { root, nested, missing, isRefreshed }: ChainPlan,
  keys: StagedKeys | undefined,
): Promise<readonly Step[]> {
  if (missing === undefined || root.action === 'create' || isRefreshed) return [];
  const isSoft = missing.how === 'soft';
  const { live, lost: absent, retired } = await countRows(load, root, missing, keys);
  const lost = missing.isWhole ? absent : 0;
  requireFew({ root, missing, lost, before: live, allowDelete: load.allowDelete });
  if (isSoft) {
    const returned = retired === 0 || keys === undefined ? 0 : await countReturned(load, keys);
    return [
      ...(lost === 0 ? [] : [{ run: retire(load, root) }]),
      { tell: () => noteGone(load, root, { retired: lost, returned }) },
    ];
  }
  if (lost === 0) return [];
  const { deleteIn } = load.server.dialect;
  const ids = absentIds(load, root);
  return [
    ...nested.map((table) => ({
      run: deleteIn(relationOf(load, table), DLT_ROOT_ID, ids),
      counted: (deleted: number) => noteGone(load, table, { deleted }),
    })),
    {
      run: deleteIn(relationOf(load, root), DLT_ID, ids),
      counted: (deleted: number) => noteGone(load, root, { deleted }),
    },
  ];
}

function noteGone({ gone, tallies }: ServerLoad, { name }: TablePlan, rows: GoneRows): void {
  tally(tallies, name, { deleted: rows.deleted ?? 0, retired: rows.retired ?? 0 });
  const some = Object.entries(rows).filter(([, count]) => count > 0);
  if (some.length > 0) gone.set(name, Object.fromEntries(some));
}

/** Rows that may vanish, those of them that the load does not bring, and those that had vanished before. */
async function countRows(
  load: ServerLoad,
  root: TablePlan,
  { how }: MissingRule,
  keys: StagedKeys | undefined,
): Promise<{ live: number; lost: number; retired: number }> {
  const isLive = how === 'soft' ? `${columnOf(load, 'd', DELETED_AT)} is null` : '1 = 1';
  const from = `from ${relationOf(load, root)} as d`;
  const [all] = await load.server.transport.rows(
    fragment(`select sum(case when ${isLive} then 1 else 0 end) as live, count(*) as found ${from}`),
  );
  // Not every engine takes `exists` elsewhere than behind `where`.
  const [absent] = await load.server.transport.rows(
    fragment(`select count(*) as lost ${from} where ${isLive} and ${isAbsent(load, keys)}`),
  );
  const [live, lost, found] = [Number(all?.live ?? 0), Number(absent?.lost ?? 0), Number(all?.found ?? 0)];
  return { live, lost, retired: found - live };
}

/** How many rows the load brings of those that had vanished. */
async function countReturned(load: ServerLoad, keys: StagedKeys): Promise<number> {
  const { primary, merge } = keyColumns(keys.root);
  const same = sameKey(load, keys, primary.length > 0 ? primary : merge);
  const [row] = await load.server.transport.rows(
    fragment(
      `select sum(${columnOf(load, 'k', KEPT_ROWS)}) as returned from ${keys.from} as k
       where exists (select 1 from ${relationOf(load, keys.root)} as d
                     where ${same} and ${columnOf(load, 'd', DELETED_AT)} is not null)`,
    ),
  );
  return Number(row?.returned ?? 0);
}

/** Merged rows carry the id of the load that brought them: the others did not come. */
function absentIds(load: ServerLoad, root: TablePlan, and = ''): Fragment {
  const loadId = columnOf(load, 'd', DLT_LOAD_ID);
  return fragment(
    `select ${columnOf(load, 'd', DLT_ID)} as ${id(load)} from ${relationOf(load, root)} as d
     where (${loadId} is null or ${loadId} <> ?)${and}`,
    load.loadId,
  );
}

function retire(load: ServerLoad, root: TablePlan): Fragment {
  const ids = absentIds(load, root, ` and ${columnOf(load, 'd', DELETED_AT)} is null`);
  const value = instantValue(load.server.dialect, load.boundary);
  return load.server.dialect.setIn(relationOf(load, root), { column: DELETED_AT, value }, { column: DLT_ID, ids });
}
