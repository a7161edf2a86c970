import { quotedIdentifier } from '../../../duckdb/quote.ts';
import { type ChainPlan, chainTables } from '../../../load/plan.ts';
import type { RowCounts } from '../../../load/row-counts.ts';
import { keyColumns } from '../../../load/staging/row-source.ts';
import { fragment } from '../../../load/staging/sql-fragment.ts';
import { restrictedTo, type Survivors } from '../../../load/staging/survivors.ts';
import { type ColumnPlan, columnsNamed, type TablePlan } from '../../../load/table-plan.ts';
import { ROOT_ROW, ROW } from '../../../package/layout.ts';
import { DLT_ID } from '../../../schema/names.ts';
import { addChain, type Which } from './added-chain.ts';
import { withSurvivors } from './kept-rows.ts';
import { countStaged, insertAbsent, type StagedTable, sameValues, stageTable } from './merged-rows.ts';
import { keepNumbers, rowNumbers, withServerKeys } from './own-server-keys.ts';
import { isEmptyBefore, relationOf, type ServerLoad } from './server-load.ts';

/** `insert-only`: rows whose primary key is new are inserted, nested ones whose `_dlt_id` is new; what is there stays as it is. */
export async function insertNew(load: ServerLoad, chain: ChainPlan): Promise<RowCounts> {
  const { root } = chain;
  if (root.rows === 0) return {};
  const { primary } = keyColumns(root);
  return withSurvivors(load, root, { identity: primary, required: primary }, async (survivors) => {
    const { duplicates, marked } = survivors;
    if (isEmptyBefore(chain, root)) {
      const rekeyed = await addChain(load, chain, (table) => restrictedTo(survivors, table));
      return { duplicates, marked, present: 0, rekeyed };
    }
    const staged = await stageTable(load, root, { which: restrictedTo(survivors, root) });
    const [come, present] = [await countStaged(load, staged), await countPresent(load, staged, primary)];
    const among = await amongNew(load, chain, primary, survivors);
    const question = (table: TablePlan) => ({
      among: among(table),
      staying: isEmptyBefore(chain, table) ? undefined : () => '1 = 1',
    });
    const rekeyed = await withServerKeys(load, chain, question, async (settled) => {
      for (const table of chainTables(chain)) {
        if (table.rows === 0) continue;
        const rows = await stageTable(settled, table, { which: restrictedTo(survivors, table) });
        const by = table === root ? primary : columnsNamed(table, DLT_ID);
        const absent = () => (table === root ? come - present : 0);
        await settled.script.perform([insertAbsent(settled, rows, fragment(sameValues(settled, rows, by)), absent)]);
      }
    });
    return { duplicates, marked, present, rekeyed };
  });
}

async function countPresent(load: ServerLoad, staged: StagedTable, primary: readonly ColumnPlan[]): Promise<number> {
  const [row] = await load.server.transport.rows(
    fragment(
      `select count(*) as present from ${staged.from} as s
       where exists (select 1 from ${relationOf(load, staged.table)} as d where ${sameValues(load, staged, primary)})`,
    ),
  );
  return Number(row?.present ?? 0);
}

/** Rows that are there are not written: the keys that they brought are no matter. Asked for only where some row brought one. */
async function amongNew(
  load: ServerLoad,
  chain: ChainPlan,
  primary: readonly ColumnPlan[],
  survivors: Survivors,
): Promise<Which> {
  const { root } = chain;
  if (!chainTables(chain).some(({ ownKeys }) => ownKeys)) return (table) => restrictedTo(survivors, table);
  const isThere = (own: StagedTable) => sameValues(load, own, primary);
  const present = await keepNumbers(load, 'load present', await rowNumbers(load, root, fragment(''), isThere));
  return (table) => {
    const number = `p.${quotedIdentifier(table === root ? ROW : ROOT_ROW)}`;
    const { sql, values } = restrictedTo(survivors, table);
    return fragment(`${sql} where ${number} not in (select number from ${present})`, ...values);
  };
}
