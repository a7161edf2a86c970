import { quotedIdentifier, quotedString } from '../../duckdb/quote.ts';
import { chainTables, type LoadPlan } from '../../load/plan.ts';
import { type Target, targetTable } from '../../load/target.ts';
import { DLT_LOAD_ID, REQUESTS_TABLE } from '../../schema/names.ts';
import type { AmountColumns } from '../../schema/requests-table.ts';

/** The name of the dataset goes into a view, that of the file does not: it is another one after publishing. */
interface ViewSource {
  readonly requests: string;
  readonly column: string;
}

interface RequestView {
  readonly of: keyof AmountColumns;
  readonly select: (source: ViewSource) => string;
}

/** With the same types whatever those of `_elt_requests` become: a view whose types change can not be read any more. */
const VIEWS: Readonly<Record<string, RequestView>> = {
  cost_by_day: {
    of: 'cost',
    select: ({ requests, column }) =>
      `select make_timestamp(epoch_us(started_at))::date as day, resource, count(*) as requests, sum(${amount(column)}) as cost
       from ${requests} where ${column} is not null group by day, resource`,
  },
  balance_history: {
    of: 'balance',
    select: ({ requests, column }) =>
      `select started_at as time, ${DLT_LOAD_ID} as load_id, resource, ${amount(column)} as balance
       from ${requests} where ${column} is not null`,
  },
};

function amount(column: string): string {
  return `try_cast(${column} as decimal(38, 12))`;
}

/** Makes the views for which this load brings the columns. What a user made under their names stays. */
export async function makeRequestViews(target: Target, { chains }: LoadPlan, amounts: AmountColumns): Promise<void> {
  const table = chains.find(({ root }) => root.name === REQUESTS_TABLE)?.root;
  if (table === undefined) return;
  const wanted = Object.entries(VIEWS).flatMap(([name, { of, select }]) => {
    const column = table.columns.find((one) => one.name === amounts[of]);
    return column === undefined ? [] : [{ name, select, column: column.name }];
  });
  const known = wanted.length === 0 ? new Map() : await commentsByName(target);
  for (const { name, select, column } of wanted) {
    const comment = `${MADE_HERE} ${REQUESTS_TABLE}.${column}`;
    if (known.get(name) === comment || isOfUser(known, name)) continue;
    const requests = `${quotedIdentifier(target.dataset)}.${REQUESTS_TABLE}`;
    await createView(target, name, select({ requests, column: quotedIdentifier(column) }));
    await commentOnView(target, name, comment);
  }
}

/** A table that is loaded comes before a view of ours with its name. */
export async function giveWayToTables(target: Target, { chains }: LoadPlan): Promise<void> {
  const made = chains.flatMap(chainTables).filter(({ action }) => action === 'create');
  const inTheWay = made.filter(({ name }) => Object.hasOwn(VIEWS, name));
  const known = inTheWay.length === 0 ? new Map() : await commentsByName(target);
  for (const { name } of inTheWay) if (known.has(name) && !isOfUser(known, name)) await dropView(target, name);
}

// --- internal ---

/** Begins the comment of a view that was made here; it is gone when somebody makes the view anew. */
const MADE_HERE = 'Made by dezgo-elt from';

function isOfUser(known: Comments, name: string): boolean {
  return known.has(name) && known.get(name)?.startsWith(MADE_HERE) !== true;
}

/** Of the tables and views of the dataset. */
type Comments = ReadonlyMap<string, string | null>;

async function commentsByName({ connection, catalog, dataset }: Target): Promise<Comments> {
  const rows = await connection.rows(
    `select name, comment from (
       select database_name, schema_name, table_name as name, null as comment from duckdb_tables()
       union all select database_name, schema_name, view_name, comment from duckdb_views())
     where database_name = ? and lower(schema_name) = lower(?)`,
    [catalog, dataset],
  );
  return new Map(
    rows.map(({ name, comment }) => [String(name).toLowerCase(), typeof comment === 'string' ? comment : null]),
  );
}

async function createView(target: Target, name: string, select: string): Promise<void> {
  await target.connection.run(`create or replace view ${targetTable(target, name)} as ${select}`);
}

async function commentOnView(target: Target, name: string, comment: string): Promise<void> {
  await target.connection.run(`comment on view ${targetTable(target, name)} is ${quotedString(comment)}`);
}

async function dropView(target: Target, name: string): Promise<void> {
  await target.connection.run(`drop view ${targetTable(target, name)}`);
}
