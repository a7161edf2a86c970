import { chainTables, type LoadPlan } from '../../load/plan.ts';
import { DLT_LOAD_ID, REQUESTS_TABLE } from '../../schema/names.ts';
import type { AmountColumns } from '../../schema/requests-table.ts';
import { withoutEnd } from '../../text/ends.ts';
import {
  type Comments,
  commentOf,
  isMadeHere,
  isOfUser,
  madeFrom,
  TAKEN,
  ViewFailure,
  type Views,
} from '../made-views.ts';
import { type RequestViewName, tablesInTheWay, wantedRequestViews } from '../request-view-list.ts';
import type { ViewSql } from './dialect.ts';
import type { Server } from './server-dataset.ts';

/**
 * Makes the views of the configuration that are not there, or are other ones; all of them where tables changed. What a user made
 * under their names stays, and so does a view of ours that can not be made anew. In the transaction of the load, where it holds tables too.
 */
export async function makeServerViews(
  server: Server,
  dataset: string,
  views: Views,
  tablesChanged: boolean,
): Promise<ViewFailure[]> {
  const sql = server.dialect.views;
  const names = Object.entries(views);
  if (sql === undefined)
    return names.map(([name]) => new ViewFailure(name, `a load makes no views in ${server.dialect.engine}.`, false));
  if (names.length === 0) return [];
  const known = await commentsIn(server, sql, dataset);
  const failures: ViewFailure[] = [];
  for (const [name, view] of names) {
    const comment = commentOf(view);
    if (!isOfUser(known, name) && !tablesChanged && known.get(name) === comment) continue;
    const reason = isOfUser(known, name)
      ? TAKEN
      : await made(server, sql, {
          relation: server.dialect.relation(dataset, name),
          select: withoutEnd(view.sql, '; \t\r\n'),
          comment,
        });
    if (reason !== undefined) failures.push(new ViewFailure(name, reason, known.has(name)));
  }
  return failures;
}

/** Makes the views for which this load brings the columns. What a user made under their names stays. */
export async function makeServerRequestViews(
  server: Server,
  dataset: string,
  plan: LoadPlan,
  amounts: AmountColumns,
): Promise<void> {
  const sql = server.dialect.views;
  const wanted = wantedRequestViews(plan, amounts);
  if (sql === undefined || wanted.length === 0) return;
  const known = await commentsIn(server, sql, dataset);
  for (const { name, column } of wanted) {
    const comment = madeFrom(`${REQUESTS_TABLE}.${column}`);
    if (known.get(name) === comment || isOfUser(known, name)) continue;
    const { relation, identifier } = server.dialect;
    const select = selects[name]({
      sql,
      requests: relation(dataset, REQUESTS_TABLE),
      column: identifier(column),
      identifier,
    });
    await made(server, sql, { relation: relation(dataset, name), select, comment });
  }
}

/**
 * A table that is loaded comes before a view of ours with its name, one of `others` among them; and views of ours do not keep columns
 * from getting another type: they are made anew afterwards.
 */
export async function giveWayToServerTables(
  server: Server,
  dataset: string,
  plan: LoadPlan,
  others: object,
): Promise<void> {
  const sql = server.dialect.views;
  if (sql === undefined) return;
  const inTheWay = tablesInTheWay(plan, others);
  const known: Comments = inTheWay.length === 0 ? new Map() : await commentsIn(server, sql, dataset);
  const names = new Set(inTheWay.filter((name) => isMadeHere(known.get(name))));
  for (const { name } of plan.chains.flatMap(chainTables).filter(({ action }) => action === 'rebuild'))
    for (const view of await ownHindrances(server, dataset, name)) names.add(view);
  const relations = [...names].map((name) => server.dialect.relation(dataset, name));
  if (relations.length > 0) await server.transport.attempt(sql.drop(relations));
}

// --- internal ---

interface ViewSource {
  readonly sql: ViewSql;
  readonly requests: string;
  readonly column: string;
  readonly identifier: (name: string) => string;
}

const selects: { readonly [Name in RequestViewName]: (source: ViewSource) => string } = {
  cost_by_day: ({ sql, requests, column }) =>
    `select ${sql.day('started_at')} as day, resource, count(*) as requests, sum(${sql.amount(column)}) as cost
     from ${requests} where ${column} is not null group by ${sql.day('started_at')}, resource`,
  balance_history: ({ sql, requests, column, identifier }) =>
    `select started_at as time, ${identifier(DLT_LOAD_ID)} as load_id, resource, ${sql.amount(column)} as balance
     from ${requests} where ${column} is not null`,
};

async function ownHindrances({ transport, dialect }: Server, dataset: string, table: string): Promise<string[]> {
  const rows = dialect.changes === undefined ? [] : await transport.rows(dialect.changes.hindrances(dataset, table));
  return rows.flatMap(({ name, comment }) => (isMadeHere(textOf(comment)) ? [String(name)] : []));
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Undefined, or why not: then the one that was there stays. */
function made(
  { transport }: Server,
  sql: ViewSql,
  { relation, select, comment }: { readonly relation: string; readonly select: string; readonly comment: string },
): Promise<string | undefined> {
  return transport.attempt(sql.make(relation, select, comment));
}

async function commentsIn({ transport }: Server, sql: ViewSql, dataset: string): Promise<Comments> {
  const rows =
    sql.relations === undefined ? await transport.relations?.(dataset) : await transport.rows(sql.relations(dataset));
  return new Map(
    (rows ?? []).map(({ name, comment, is_view }) => [
      String(name).toLowerCase(),
      is_view === true ? textOf(comment) : null,
    ]),
  );
}
