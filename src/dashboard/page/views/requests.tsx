import type { ResourceRequests } from '../../../inspection/request-summary.ts';
import type { LedgerRequest } from '../../../report/requests-text.ts';
import type { RequestsView } from '../../history-views.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { Link } from '../parts/link.tsx';
import { Badge, Command, Empty, Time, type Tone } from '../parts/small-parts.tsx';
import { saved } from '../saved.ts';
import { bytesText, counted, durationText } from '../words.ts';

export function RequestsPage({ data, query }: { readonly data: RequestsView; readonly query: URLSearchParams }) {
  const { resources, requests, most, isSlowestFirst, isFromRuns } = data;
  const resource = query.get('resource');
  if (resources.length === 0) {
    return (
      <Empty title="No request yet">
        <p>The ledger of the working folder has every request of every run.</p>
        <Command>dezgo-elt run</Command>
      </Empty>
    );
  }
  return (
    <>
      {isFromRuns && (
        <p class="notice">
          A run is going on, and has the ledger for itself: times and single requests are here when it has ended.
        </p>
      )}
      <section>
        <h2>By resource</h2>
        <DataTable
          caption="Requests of all runs that are known"
          columns={columns}
          rows={resources}
          keyOf={(one) => one.resource}
        />
      </section>
      {requests.length > 0 && (
        <section>
          <h2>{isSlowestFirst ? 'The slowest' : 'The newest'}</h2>
          {saved === undefined && (
            <p class="choices">
              <Link view="requests" current={!isSlowestFirst && resource === null}>
                newest
              </Link>
              <Link view="requests" query={{ order: 'slowest' }} current={isSlowestFirst}>
                slowest
              </Link>
              {resource !== null && <span class="muted">of {resource}</span>}
            </p>
          )}
          <DataTable
            caption={`${requests.length} of them, ${most} at most`}
            columns={singles}
            rows={requests}
            keyOf={(_, index) => String(index)}
          />
        </section>
      )}
    </>
  );
}

// --- internal ---

const columns: readonly Column<ResourceRequests>[] = [
  {
    name: 'Resource',
    isHead: true,
    cell: ({ resource }) =>
      saved === undefined ? (
        <Link view="requests" query={{ resource }}>
          {resource}
        </Link>
      ) : (
        resource
      ),
  },
  { name: 'Requests', isNumber: true, cell: ({ requests }) => counted(requests) },
  { name: 'p50', isNumber: true, cell: ({ p50Milliseconds: time }) => (time === null ? '–' : durationText(time)) },
  { name: 'p95', isNumber: true, cell: ({ p95Milliseconds: time }) => (time === null ? '–' : durationText(time)) },
  { name: 'Bytes', isNumber: true, cell: ({ bytes }) => (bytes === null ? '–' : bytesText(bytes)) },
  { name: 'Retries', isNumber: true, cell: ({ retries }) => counted(retries) },
  {
    name: 'Statuses',
    cell: ({ statuses }) => (
      <span class="statuses">
        {Object.entries(statuses).map(([status, times]) => (
          <Badge key={status} tone={toneOf(status)}>
            {status} × {counted(times)}
          </Badge>
        ))}
      </span>
    ),
  },
];

const singles: readonly Column<LedgerRequest>[] = [
  { name: 'Run', cell: ({ runStartedAt }) => <Time at={runStartedAt} /> },
  { name: 'Resource', cell: ({ resource }) => resource },
  { name: 'Status', cell: ({ status }) => <Badge tone={toneOf(String(status ?? 'none'))}>{status ?? 'none'}</Badge> },
  { name: 'Time', isNumber: true, cell: ({ milliseconds }) => durationText(milliseconds) },
  { name: 'Bytes', isNumber: true, cell: ({ bytes }) => bytesText(bytes) },
  { name: 'Attempts', isNumber: true, cell: ({ attempts }) => attempts },
  { name: 'Request', isLong: true, cell: ({ method, url }) => <code>{`${method} ${url}`}</code> },
];

function toneOf(status: string): Tone {
  return status.startsWith('2') ? 'good' : /^[34]/.test(status) ? 'warn' : 'bad';
}
