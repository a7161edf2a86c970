import type { SecretSetting, Setting } from '../../../inspection/settings.ts';
import type { ConfigurationView } from '../../configuration-view.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { Badge, Failure, Time, type Tone } from '../parts/small-parts.tsx';

export function ConfigurationPage({
  data: { file, values, secrets, state, warnings, unreadable },
}: {
  readonly data: ConfigurationView;
}) {
  const written = values.filter(({ from }) => from !== 'default');
  const defaults = values.filter(({ from }) => from === 'default');
  return (
    <>
      <p class="muted">
        {file === null ? 'Given by a program.' : `${file}, as it was read when the dashboard was started.`}
      </p>
      {warnings.map((warning) => (
        <p key={JSON.stringify(warning)} class="notice warn">
          {warning.message}
        </p>
      ))}
      <section>
        <h2>Secrets</h2>
        {secrets.length === 0 ? (
          <p class="muted">It needs none.</p>
        ) : (
          <DataTable
            caption="Whether they were found; their values are nowhere here"
            columns={secretColumns}
            rows={secrets}
            keyOf={({ path }) => path}
          />
        )}
      </section>
      <section>
        <h2>What was written</h2>
        <DataTable
          caption="Each value with where it came from"
          columns={valueColumns}
          rows={written}
          keyOf={({ path }, index) => `${path} ${index}`}
        />
      </section>
      <section>
        <h2>State</h2>
        {unreadable !== null && <Failure told={unreadable} />}
        {state !== null && state.resources.length === 0 && (
          <p class="muted">No resource keeps anything between runs: none is incremental.</p>
        )}
        {state !== null && state.resources.length > 0 && (
          <DataTable
            caption="Where incremental resources go on"
            columns={stateColumns}
            rows={state.resources.flatMap(({ resource, cursors }) =>
              cursors.map((cursor) => ({ resource, ...cursor })),
            )}
            keyOf={({ resource, cursorPath }) => `${resource} ${cursorPath}`}
          />
        )}
      </section>
      <details>
        <summary>Defaults ({defaults.length})</summary>
        <DataTable
          caption="What counts where nothing was written"
          columns={valueColumns}
          rows={defaults}
          keyOf={({ path }, index) => `${path} ${index}`}
        />
      </details>
    </>
  );
}

// --- internal ---

const secretTones: Readonly<Record<SecretSetting['state'], Tone>> = {
  found: 'good',
  missing: 'bad',
  awaited: 'warn',
  optional: 'calm',
};

const secretColumns: readonly Column<SecretSetting>[] = [
  { name: 'Where it is used', isHead: true, cell: ({ path }) => <code>{path}</code> },
  { name: 'State', cell: ({ state }) => <Badge tone={secretTones[state]}>{state}</Badge> },
  { name: 'From', cell: ({ from }) => from ?? '–' },
  { name: 'Looked in', isLong: true, cell: ({ lookedIn }) => (lookedIn.length === 0 ? '–' : lookedIn.join(', ')) },
];

const valueColumns: readonly Column<Setting>[] = [
  { name: 'Path', isHead: true, cell: ({ path }) => <code>{path}</code> },
  { name: 'Value', isLong: true, cell: ({ value }) => <code>{value === null ? 'null' : String(value)}</code> },
  { name: 'From', cell: ({ from }) => <span class="muted">{from}</span> },
];

type CursorRow = { readonly resource: string } & NonNullable<
  ConfigurationView['state']
>['resources'][number]['cursors'][number];

const stateColumns: readonly Column<CursorRow>[] = [
  { name: 'Resource', isHead: true, cell: ({ resource }) => resource },
  { name: 'Cursor', cell: ({ cursorPath }) => <code>{cursorPath}</code> },
  {
    name: 'Begins after',
    cell: ({ lastValue, initialValue }) => <code>{String(lastValue ?? initialValue ?? '–')}</code>,
  },
  { name: 'Since', cell: ({ changedAt }) => (changedAt === null ? '–' : <Time at={changedAt} />) },
];
