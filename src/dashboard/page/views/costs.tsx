import type { CostsView } from '../../costs-view.ts';
import { Bars } from '../parts/bars.tsx';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { Line } from '../parts/line.tsx';
import { Empty, Figures, Time } from '../parts/small-parts.tsx';
import { amountText, counted, many } from '../words.ts';

export function CostsPage({ data }: { readonly data: CostsView }) {
  const { costs, totals, balance, runway, currency, byResource, balances, captured } = data;
  if (costs.length === 0 && balance === null && balances.length === 0) {
    return (
      <Empty title="Nothing was spent, and no balance is known">
        <p>
          A resource with a <code>cost</code> tells what its requests cost. With <code>client.balance_header</code> each
          reply tells what is left.
        </p>
      </Empty>
    );
  }
  const money = (amount: string | number) => `${amountText(amount)} ${currency.toUpperCase()}`;
  const days = costs.filter((one) => one.currency === costs[0]?.currency).toReversed();
  const most = Math.max(...days.map(({ spent }) => Number(spent)));
  return (
    <>
      <Figures
        of={[
          ...totals.map((total) => ['spent', `${amountText(total.spent)} ${total.currency.toUpperCase()}`] as const),
          ['balance', balance === null ? '–' : money(balance.balance)],
          ['spent a day', runway === null ? '–' : money(runway.spentPerDay)],
          ['lasts', runway === null ? '–' : many(runway.days, 'day')],
        ]}
      />
      {balance !== null && (
        <p class="muted">
          The balance is what a reply said at <Time at={balance.at} />.
        </p>
      )}
      {days.length > 0 && (
        <section>
          <h2>By day</h2>
          <Bars
            title="What was spent each day, the oldest first; the table below has the numbers"
            bars={everyDay(days).map(({ of, spent }) => ({
              key: of,
              label: `${of}: ${money(spent)}`,
              parts: [{ value: Number(spent), tone: 'load' }],
            }))}
            most={money(most)}
            from={days[0]?.of}
            to={days.at(-1)?.of}
          />
          <DataTable
            caption="What runs spent, the newest first"
            columns={columns('Day')}
            rows={costs}
            keyOf={(one) => `${one.of} ${one.currency}`}
          />
        </section>
      )}
      {balances.length > 1 && (
        <section>
          <h2>Balance</h2>
          <Line
            title={`The last balance of each of ${balances.length} days`}
            points={balances.map(({ day, balance }) => ({ at: Date.parse(day), value: balance }))}
            most={money(Math.max(...balances.map((one) => one.balance)))}
            from={balances[0]?.day}
            to={balances.at(-1)?.day}
          />
        </section>
      )}
      {byResource !== null && byResource.length > 0 && (
        <section>
          <h2>By resource</h2>
          <DataTable
            caption="What runs spent"
            columns={columns('Resource')}
            rows={byResource}
            keyOf={(one) => `${one.of} ${one.currency}`}
          />
        </section>
      )}
      {captured !== null && captured.length > 0 && (
        <section>
          <h2>What replies said</h2>
          <DataTable
            caption="By day, from their headers"
            columns={[
              { name: 'Day', isHead: true, cell: ({ of }) => of },
              { name: 'Cost', isNumber: true, cell: ({ cost }) => `${cost} ${currency.toUpperCase()}` },
              { name: 'Requests', isNumber: true, cell: ({ requests }) => counted(requests) },
            ]}
            rows={captured}
            keyOf={({ of }) => of}
          />
        </section>
      )}
    </>
  );
}

// --- internal ---

/** Also those on which nothing was spent, as far back as can be seen. */
function everyDay(days: readonly Pick<CostsView['costs'][number], 'of' | 'spent'>[]) {
  const spent = new Map(days.map((day) => [day.of, day.spent]));
  const [first = '', last = ''] = [days[0]?.of, days.at(-1)?.of];
  const all: { of: string; spent: string }[] = [];
  for (let at = Date.parse(last); at >= Date.parse(first) && all.length < MOST_DAYS; at -= DAY) {
    const of = new Date(at).toISOString().slice(0, 10);
    all.unshift({ of, spent: spent.get(of) ?? '0' });
  }
  return all;
}

const DAY = 86_400_000;
const MOST_DAYS = 180;

const columns = (name: string): readonly Column<CostsView['costs'][number]>[] => [
  { name, isHead: true, cell: ({ of }) => of },
  { name: 'Spent', isNumber: true, cell: ({ spent, currency }) => `${spent} ${currency.toUpperCase()}` },
  { name: 'Requests', isNumber: true, cell: ({ requests }) => counted(requests) },
  { name: 'Of unknown price', isNumber: true, cell: ({ unknown }) => counted(unknown) },
];
