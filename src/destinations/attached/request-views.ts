import { quotedIdentifier } from '../../duckdb/quote.ts';
import type { LoadPlan } from '../../load/plan.ts';
import type { Target } from '../../load/target.ts';
import { DLT_LOAD_ID, REQUESTS_TABLE } from '../../schema/names.ts';
import type { AmountColumns } from '../../schema/requests-table.ts';
import { isOfUser, madeFrom } from '../made-views.ts';
import { type RequestViewName, tablesInTheWay, wantedRequestViews } from '../request-view-list.ts';
import { commentOnView, commentsByName, createView, dropView } from './view-ddl.ts';

/** The name of the dataset goes into a view, that of the file does not: it is another one after publishing. */
interface ViewSource {
  readonly requests: string;
  readonly column: string;
}

/** With the same types whatever those of `_elt_requests` become: a view whose types change can not be read any more. */
const selects: { readonly [Name in RequestViewName]: (source: ViewSource) => string } = {
  cost_by_day: ({ requests, column }) =>
    `select make_timestamp(epoch_us(started_at))::date as day, resource, count(*) as requests, sum(${amount(column)}) as cost
     from ${requests} where ${column} is not null group by day, resource`,
  balance_history: ({ requests, column }) =>
    `select started_at as time, ${DLT_LOAD_ID} as load_id, resource, ${amount(column)} as balance
     from ${requests} where ${column} is not null`,
};

function amount(column: string): string {
  return `try_cast(${column} as decimal(38, 12))`;
}

/** Makes the views for which this load brings the columns. What a user made under their names stays. */
export async function makeRequestViews(target: Target, plan: LoadPlan, amounts: AmountColumns): Promise<void> {
  const wanted = wantedRequestViews(plan, amounts);
  const known = wanted.length === 0 ? new Map() : await commentsByName(target);
  for (const { name, column } of wanted) {
    const comment = madeFrom(`${REQUESTS_TABLE}.${column}`);
    if (known.get(name) === comment || isOfUser(known, name)) continue;
    const requests = `${quotedIdentifier(target.dataset)}.${REQUESTS_TABLE}`;
    await createView(target, name, selects[name]({ requests, column: quotedIdentifier(column) }));
    await commentOnView(target, name, comment);
  }
}

/** A table that is loaded comes before a view of ours with its name, one of `others` among them. */
export async function giveWayToTables(target: Target, plan: LoadPlan, others: object): Promise<void> {
  const inTheWay = tablesInTheWay(plan, others);
  const known = inTheWay.length === 0 ? new Map() : await commentsByName(target);
  for (const name of inTheWay) if (known.has(name) && !isOfUser(known, name)) await dropView(target, name);
}
