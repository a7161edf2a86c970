import { qualifiedName, quotedIdentifier } from '../../../duckdb/quote.ts';
import type { ChainPlan } from '../../../load/plan.ts';
import { withSettledKeys } from '../../../load/staging/own-keys.ts';
import { columnValue, hasColumn, keyColumns, packageRows } from '../../../load/staging/row-source.ts';
import { type Fragment, fragment, joined } from '../../../load/staging/sql-fragment.ts';
import type { TablePlan } from '../../../load/table-plan.ts';
import { KEY, ROW } from '../../../package/layout.ts';
import { DLT_ID } from '../../../schema/names.ts';
import type { StagedTable } from './merged-rows.ts';
import { columnOf, relationOf, type ServerLoad } from './server-load.ts';
import { shipment, shippedColumn } from './staged-rows.ts';

/** Which rows of a package table are going to be written, and beside which rows of the table. */
interface KeyQuestion {
  /** SQL after `from <package rows> as p`. */
  readonly among: Fragment;
  /** SQL of whether row `d` of the table stays beside the staged row `s`; undefined: no row does. */
  readonly staying: ((own: StagedTable) => string) | undefined;
}

/**
 * Does the work with package rows of which no two have the same `_dlt_id`, and none that of a row that stays.
 *
 * @returns how many rows got another key than the one they brought
 */
export async function withServerKeys(
  load: ServerLoad,
  chain: ChainPlan,
  question: (table: TablePlan) => KeyQuestion,
  work: (load: ServerLoad) => Promise<unknown>,
): Promise<number> {
  const relations: string[] = [];
  const rekeyed = await withSettledKeys(load, chain, work, async (table) => {
    const { among, staying } = question(table);
    if (staying === undefined) return { among, taken: fragment('false') };
    const isTaken = (own: StagedTable) =>
      `${columnOf(load, 'd', DLT_ID)} = ${columnOf(load, 's', OWN)} and ${staying(own)}`;
    const relation = await keepNumbers(load, `load taken ${table.name}`, await rowNumbers(load, table, among, isTaken));
    relations.push(relation);
    return { among, taken: fragment(`p.${quotedIdentifier(ROW)} in (select number from ${relation})`) };
  });
  for (const relation of relations) await load.connection.run(`drop table ${relation}`);
  return rekeyed;
}

/**
 * Numbers of the package's rows beside which the table has a row of which something is true.
 *
 * @param condition SQL of the engine about the row `s`, of which the primary key is known, and the row `d` of the table
 */
export async function rowNumbers(
  load: ServerLoad,
  table: TablePlan,
  among: Fragment,
  condition: (own: StagedTable) => string,
): Promise<readonly number[]> {
  const { dialect, transport } = load.server;
  const own = await stageOwn(load, table, among);
  // A join: more conditions than in `exists`, where not every engine compares by other signs than `=`.
  const rows = await transport.rows(
    fragment(
      `select distinct ${columnOf(load, 's', NUMBER)} as ${dialect.identifier('number')}
       from ${own.from} as s cross join ${relationOf(load, table)} as d where ${condition(own)}`,
    ),
  );
  return rows.map(({ number }) => Number(number));
}

/** As column `number` of a temporary relation of DuckDB. */
export async function keepNumbers(load: ServerLoad, name: string, numbers: readonly number[]): Promise<string> {
  const relation = qualifiedName('temp', 'main', name);
  await load.connection.run(
    `create or replace temp table ${relation} as select unnest(from_json(?::json, '["bigint"]')) as number`,
    [JSON.stringify(numbers)],
  );
  return relation;
}

const NUMBER = '_elt_number';
const OWN = '_elt_key';

/** The keys that rows brought, null where they brought none, with their primary key. */
async function stageOwn(load: ServerLoad, table: TablePlan, among: Fragment): Promise<StagedTable> {
  const { dialect, transport } = load.server;
  const keys = keyColumns(table).primary.flatMap((column) => {
    const value = columnValue(table, column, load);
    return value === undefined ? [] : [{ column, value }];
  });
  const list = joined(
    [
      fragment(
        `p.${quotedIdentifier(ROW)}::bigint as ${NUMBER}, ${hasColumn(table, KEY, load) ? `p.${quotedIdentifier(KEY)}` : 'null::varchar'} as ${OWN}`,
      ),
      ...keys.map(({ column, value }) => ({ ...value, sql: `${value.sql} as ${quotedIdentifier(column.name)}` })),
    ],
    ', ',
  );
  const columns = [
    { name: NUMBER, type: 'BIGINT', native: dialect.typeOf({ name: NUMBER, data_type: 'bigint' }) },
    { name: OWN, type: 'VARCHAR', native: dialect.typeOf({ name: OWN, data_type: 'text' }) },
    ...keys.map(({ column }) => shippedColumn(column, dialect)),
  ];
  const select = `select ${list.sql} from ${packageRows(table, load)} ${among.sql}`;
  const { rows, carriers } = shipment(
    load,
    { what: 'own', table: table.name },
    columns,
    fragment(select, ...list.values, ...among.values),
  );
  return { table, from: await transport.stage(rows), columns: columns.map(({ name }) => name), carriers };
}
