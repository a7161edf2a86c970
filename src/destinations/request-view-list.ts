import { chainTables, type LoadPlan } from '../load/plan.ts';
import { REQUESTS_TABLE } from '../schema/names.ts';
import type { AmountColumns } from '../schema/requests-table.ts';

/** The views of what headers of replies said, by name, and the amount that each is about. */
const requestViews = { cost_by_day: 'cost', balance_history: 'balance' } as const satisfies Record<
  string,
  keyof AmountColumns
>;

export type RequestViewName = keyof typeof requestViews;

/** Those for which a load brings the columns. */
export function wantedRequestViews(
  { chains }: LoadPlan,
  amounts: AmountColumns,
): { readonly name: RequestViewName; readonly column: string }[] {
  const table = chains.find(({ root }) => root.name === REQUESTS_TABLE)?.root;
  const names: readonly RequestViewName[] = ['cost_by_day', 'balance_history'];
  return names.flatMap((name) => {
    const column = table?.columns.find((one) => one.name === amounts[requestViews[name]]);
    return column === undefined ? [] : [{ name, column: column.name }];
  });
}

/** Tables that a load makes where a view of ours can be, one of `others` among them: the table comes before it. */
export function tablesInTheWay({ chains }: LoadPlan, others: object): string[] {
  const made = chains.flatMap(chainTables).filter(({ action }) => action === 'create');
  return made
    .map(({ name }) => name)
    .filter((name) => Object.hasOwn(requestViews, name) || Object.hasOwn(others, name));
}
