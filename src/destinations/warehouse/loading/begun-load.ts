import { type ChainPlan, chainTables, type LoadPlan } from '../../../load/plan.ts';
import { type Fragment, fragment, joined } from '../../../load/staging/sql-fragment.ts';
import { isNested, type TablePlan } from '../../../load/table-plan.ts';
import {
  DLT_ID,
  DLT_LOAD_ID,
  DLT_PARENT_ID,
  LOAD_TABLES_TABLE,
  REJECTED_TABLE,
  STATE_TABLE,
} from '../../../schema/names.ts';
import { relationOf, type ServerLoad } from './server-load.ts';

/** Rows of one load in a table. */
interface Trace {
  readonly relation: string;
  readonly column: string;
  /** Of a table of the package: those whose nested rows belong to it. */
  readonly chain?: ChainPlan;
}

/** Books with rows of a load; those of the schema stay, because its tables do. */
const books = [
  [REJECTED_TABLE, 'load_id'],
  [LOAD_TABLES_TABLE, 'load_id'],
  [STATE_TABLE, DLT_LOAD_ID],
] as const;

/**
 * Takes away what an attempt that did not get to its end wrote of this load, where no transaction does that: the rows that carry
 * its id, and all that is nested in them. What it deleted or replaced is gone until the load is repeated.
 *
 * @param isThere whether the dataset has a table
 */
export async function forgetBegunLoad(
  load: ServerLoad,
  { chains }: LoadPlan,
  isThere: (table: string) => boolean,
): Promise<void> {
  const { server, dataset, loadId } = load;
  const { identifier, relation } = server.dialect;
  const traces: readonly Trace[] = [
    ...chains
      .filter(({ root }) => isThere(root.name) && root.actual?.columns.has(DLT_LOAD_ID) !== false)
      .map((chain) => ({ relation: relationOf(load, chain.root), column: DLT_LOAD_ID, chain })),
    ...books
      .filter(([table]) => isThere(table))
      .map(([table, column]) => ({ relation: relation(dataset, table), column })),
  ];
  if (traces.length === 0) return;
  const counts = traces.map((trace, at) =>
    fragment(
      `select ${at} as place, count(*) as found from ${trace.relation} where ${identifier(trace.column)} = ?`,
      loadId,
    ),
  );
  const found = await server.transport.rows(joined(counts, ' union all '));
  const begun = new Set(found.flatMap((row) => (Number(row.found) > 0 ? [Number(row.place)] : [])));
  for (const trace of traces.filter((_, at) => begun.has(at))) {
    for (const statement of nestedDeletes(load, trace, isThere)) await server.transport.execute(statement);
    await server.transport.execute(
      fragment(`delete from ${trace.relation} where ${identifier(trace.column)} = ?`, loadId),
    );
  }
}

// --- internal ---

/** The deepest first, so that what is left can be found again after every one of them. */
function nestedDeletes(load: ServerLoad, { chain }: Trace, isThere: (table: string) => boolean): Fragment[] {
  if (chain === undefined) return [];
  const { deleteIn } = load.server.dialect;
  return chain.nested
    .filter(({ name, actual }) => isThere(name) && actual?.columns.has(DLT_PARENT_ID) !== false)
    .map((table) => deleteIn(relationOf(load, table), DLT_PARENT_ID, parentIds(load, chain, table)))
    .reverse();
}

/** `id`: of the parents that belong to the load. */
function parentIds(load: ServerLoad, chain: ChainPlan, table: TablePlan): Fragment {
  const { identifier } = load.server.dialect;
  const parentName = isNested(table) ? table.parent : undefined;
  const parent = chainTables(chain).find(({ name }) => name === parentName) ?? chain.root;
  const select = `select ${identifier(DLT_ID)} as ${identifier('id')} from ${relationOf(load, parent)}`;
  if (parent === chain.root) return fragment(`${select} where ${identifier(DLT_LOAD_ID)} = ?`, load.loadId);
  const above = parentIds(load, chain, parent);
  return fragment(`${select} where ${identifier(DLT_PARENT_ID)} in (${above.sql})`, ...above.values);
}
