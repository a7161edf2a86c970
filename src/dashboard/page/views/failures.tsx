import type { FailedRun, RejectedRows } from '../../../inspection/failure-list.ts';
import type { PackageListing } from '../../../report/packages-text.ts';
import type { FailuresView } from '../../history-views.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { Badge, Empty, Failure, Time } from '../parts/small-parts.tsx';
import { bytesText, counted } from '../words.ts';

export function FailuresPage({ data: { runs, packages, rejected, unreadable } }: { readonly data: FailuresView }) {
  const isEmpty = runs.length + packages.length + (rejected?.length ?? 0) === 0 && unreadable === null;
  if (isEmpty) {
    return (
      <Empty title="Nothing failed, and no row was kept out">
        <p>
          Failed runs, load packages that wait or were set aside, and rows that a schema contract kept out are shown
          here.
        </p>
      </Empty>
    );
  }
  return (
    <>
      {unreadable !== null && <Failure told={unreadable} />}
      {runs.length > 0 && (
        <section>
          <h2>Runs that did not go well</h2>
          <DataTable caption="The newest first" columns={runColumns} rows={runs} keyOf={({ startedAt }) => startedAt} />
        </section>
      )}
      {packages.length > 0 && (
        <section>
          <h2>Load packages</h2>
          <DataTable
            caption="Those that wait for the next run, and those that were set aside: dezgo-elt packages retry LOAD_ID"
            columns={packageColumns}
            rows={packages}
            keyOf={({ loadId }) => loadId}
          />
        </section>
      )}
      {rejected !== null && rejected.length > 0 && (
        <section>
          <h2>Rejected rows</h2>
          <DataTable
            caption="What schema contracts kept out; all of it is in _elt_rejected"
            columns={rejectedColumns}
            rows={rejected}
            keyOf={(_, index) => String(index)}
          />
        </section>
      )}
    </>
  );
}

// --- internal ---

const runColumns: readonly Column<FailedRun>[] = [
  { name: 'Ended', isHead: true, cell: ({ finishedAt }) => <Time at={finishedAt} /> },
  {
    name: 'Exit code',
    cell: ({ exitCode, isOver }) => (
      <Badge tone={isOver ? 'calm' : 'bad'}>{isOver ? `${exitCode}, over` : exitCode}</Badge>
    ),
  },
  {
    name: 'Why, and what to do',
    isLong: true,
    cell: ({ failure, resources }) => (
      <>
        {failure !== null && <Why {...failure} />}
        {resources
          .filter(({ error }) => error.message !== failure?.message)
          .map(({ name, error }) => (
            <Why key={name} {...error} message={`${name}: ${error.message}`} />
          ))}
      </>
    ),
  },
  { name: 'Code', cell: ({ failure }) => failure !== null && <code>{failure.code}</code> },
];

function Why({ message, hint }: { readonly message: string; readonly hint: string }) {
  return (
    <p>
      {message} <span class="muted">{hint}</span>
    </p>
  );
}

const packageColumns: readonly Column<PackageListing>[] = [
  { name: 'Load id', isHead: true, cell: ({ loadId }) => <code>{loadId}</code> },
  { name: 'State', cell: ({ state }) => <Badge tone={state === 'pending' ? 'warn' : 'bad'}>{state}</Badge> },
  { name: 'Rows', isNumber: true, cell: ({ rows }) => (rows === null ? '–' : counted(rows)) },
  { name: 'Size', isNumber: true, cell: ({ bytes }) => bytesText(bytes) },
  { name: 'Why', isLong: true, cell: ({ reason }) => reason?.message ?? '–' },
];

const rejectedColumns: readonly Column<RejectedRows>[] = [
  { name: 'Table', isHead: true, cell: ({ table }) => table },
  { name: 'Column', cell: ({ column }) => column ?? 'whole rows' },
  { name: 'Rows', isNumber: true, cell: ({ count }) => counted(count) },
  { name: 'Reason', isLong: true, cell: ({ reason }) => reason },
  { name: 'One of them', isLong: true, cell: ({ example }) => <code>{example}</code> },
  { name: 'Load id', cell: ({ loadId }) => <code>{loadId}</code> },
];
