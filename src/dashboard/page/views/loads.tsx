import type { LoadedTable, LoadRow } from '../../../inspection/load-history.ts';
import type { LoadsView } from '../../history-views.ts';
import { Bars } from '../parts/bars.tsx';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { Badge, Command, Empty, Time } from '../parts/small-parts.tsx';
import { counted, many } from '../words.ts';

export function LoadsPage({ data: { loads, isCut } }: { readonly data: LoadsView }) {
  const [newest] = loads;
  const oldest = loads.at(-1);
  if (newest === undefined || oldest === undefined) {
    return (
      <Empty title="No load yet">
        <p>A run that finds something new makes a load; one that finds nothing new makes none.</p>
        <Command>dezgo-elt run</Command>
      </Empty>
    );
  }
  const names = [...new Set(loads.flatMap(({ tables }) => tables.map(({ name }) => name)))].sort();
  const drops = loads.flatMap(({ tables }) => tables.filter(({ isDrop }) => isDrop)).length;
  const most = Math.max(...loads.map(({ rows }) => rows));
  return (
    <>
      {drops > 0 && (
        <p class="notice warn">{many(drops, 'sudden drop')}: less than half of what a table usually gets.</p>
      )}
      <section>
        <h2>Rows by load</h2>
        <Bars
          title="Rows of each load, the oldest first; the table below has the numbers"
          bars={loads.toReversed().map(({ loadId, finishedAt, rows, tables }) => ({
            key: loadId,
            label: `${finishedAt.slice(0, 16).replace('T', ' ')} UTC: ${many(rows, 'row')}`,
            parts: [{ value: rows, tone: tables.some(({ isDrop }) => isDrop) ? 'failed' : 'load' }],
          }))}
          most={many(most, 'row')}
          from={<Time at={oldest.finishedAt} />}
          to={<Time at={newest.finishedAt} />}
        />
      </section>
      <section>
        <h2>Rows by table</h2>
        <DataTable
          caption={`Rows that were inserted or updated; ${isCut ? `the newest ${loads.length} loads` : 'all loads that are known'}`}
          columns={[...columns, ...names.map(tableColumn)]}
          rows={loads}
          keyOf={({ loadId }) => loadId}
        />
      </section>
    </>
  );
}

// --- internal ---

const columns: readonly Column<LoadRow>[] = [
  { name: 'Load', isHead: true, cell: ({ finishedAt }) => <Time at={finishedAt} /> },
  { name: 'Load id', cell: ({ loadId }) => <code>{loadId}</code> },
  { name: 'All', isNumber: true, cell: ({ rows }) => counted(rows) },
];

function tableColumn(name: string): Column<LoadRow> {
  return {
    name,
    isNumber: true,
    cell: ({ tables }) => {
      const table = tables.find((one) => one.name === name);
      return table === undefined ? <span class="muted">–</span> : <Brought table={table} />;
    },
  };
}

function Brought({
  table: { rowsInserted, rowsUpdated, rowsDeleted, rowsRetired, isDrop, usualRows },
}: {
  readonly table: LoadedTable;
}) {
  const rows = counted(rowsInserted + rowsUpdated);
  const details = `${counted(rowsInserted)} inserted, ${counted(rowsUpdated)} updated, ${counted(rowsDeleted)} deleted, ${counted(rowsRetired)} retired`;
  if (!isDrop) return <span title={details}>{rows}</span>;
  return (
    <Badge tone="bad">
      <span title={details}>{rows}</span> instead of {counted(usualRows ?? 0)}
    </Badge>
  );
}
