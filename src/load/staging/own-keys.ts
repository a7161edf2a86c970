import { qualifiedName, quotedIdentifier } from '../../duckdb/quote.ts';
import { KEY, ROW } from '../../package/layout.ts';
import { DLT_ID } from '../../schema/names.ts';
import type { LoadContext, PackageContext } from '../load-context.ts';
import { type ChainPlan, chainTables } from '../plan.ts';
import type { TablePlan } from '../table-plan.ts';
import { targetTable } from '../target.ts';
import { hasColumn, packageRows } from './row-source.ts';
import { type Fragment, fragment } from './sql-fragment.ts';

/** Which rows of a package table are going to be written, and beside which rows of the destination. */
interface KeyQuestion {
  /** SQL after `from <package rows> as p`; all of them unless given. */
  readonly among?: Fragment;
  /** Of the destination's rows `d`, those that keep their key; all of them unless given. */
  readonly beside?: Fragment;
}

interface KeyCandidates {
  readonly among?: Fragment | undefined;
  /** SQL of whether the key of package row `p` is that of a row of the destination that keeps it. */
  readonly taken: Fragment;
}

/**
 * Does the work with package rows of which no two have the same `_dlt_id`. A record can bring one that another row has, of this
 * load or in the destination: its row gets the key that it would have without, and rows nested in it hang under that.
 *
 * @returns how many rows got another key than the one they brought
 */
export function withOwnKeys(
  context: LoadContext,
  chain: ChainPlan,
  work: (context: LoadContext) => Promise<unknown>,
  question: (table: TablePlan) => KeyQuestion = () => ({}),
): Promise<number> {
  return withSettledKeys(context, chain, work, async (table) => {
    const { among, beside } = question(table);
    return { among, taken: takenBeside(context, table, beside) };
  });
}

/** The same, for who knows which of the keys are taken. */
export async function withSettledKeys<Context extends PackageContext>(
  context: Context,
  chain: ChainPlan,
  work: (context: Context) => Promise<unknown>,
  question: (table: TablePlan) => Promise<KeyCandidates>,
): Promise<number> {
  const tables = chainTables(chain);
  const contested = new Map<string, string>();
  let rekeyed = 0;
  for (const table of tables.some(({ ownKeys }) => ownKeys) ? tables : []) {
    if (table.rows === 0 || !hasColumn(table, KEY, context)) continue;
    contested.set(table.name, contestedRows(table));
    rekeyed += await createContested(context, table, await question(table));
  }
  await work(rekeyed === 0 ? context : { ...context, contested });
  for (const rows of contested.values()) await context.connection.run(`drop table ${rows}`);
  return rekeyed;
}

/** `number`: of the package rows that cannot keep the key they brought; of several with one key the first can. */
function contestedRows(table: TablePlan): string {
  return qualifiedName('temp', 'main', `load contested ${table.name}`);
}

function takenBeside(context: LoadContext, table: TablePlan, beside = fragment('true')): Fragment {
  if (table.action === 'create') return fragment('false');
  const d = `d.${quotedIdentifier(DLT_ID)}`;
  const key = `p.${quotedIdentifier(KEY)}`;
  return fragment(
    `exists (from ${targetTable(context, table.name)} as d where ${d} = ${key} and ${beside.sql})`,
    ...beside.values,
  );
}

async function createContested(
  context: PackageContext,
  table: TablePlan,
  { among = fragment(''), taken }: KeyCandidates,
): Promise<number> {
  const key = `p.${quotedIdentifier(KEY)}`;
  const number = `p.${quotedIdentifier(ROW)}`;
  const rows = contestedRows(table);
  await context.connection.run(
    `create temp table ${rows} as select number from (
       select ${number} as number, row_number() over (partition by ${key} order by ${number}) as place, ${taken.sql} as taken
       from (select p.* from ${packageRows(table, context)} ${among.sql}) as p where ${key} is not null
     ) where place > 1 or taken`,
    [...taken.values, ...among.values],
  );
  const count = await context.connection.row(`select count(*) as rows from ${rows}`);
  return Number(count?.rows ?? 0);
}
