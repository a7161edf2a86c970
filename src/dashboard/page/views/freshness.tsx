import type { ResourceFreshness } from '../../../inspection/freshness.ts';
import type { FreshnessView } from '../../freshness-view.ts';
import { outcomeTones, stateText, toneOf } from '../freshness-strip.tsx';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { Badge, Command, Empty, Failure, Figures, Time } from '../parts/small-parts.tsx';
import { agoText, counted, durationText, lengthOf, many } from '../words.ts';

export function FreshnessPage({ data }: { readonly data: FreshnessView }) {
  const { lastRun, pending, setAside, unreadable, resources } = data;
  const hasData = resources.some(({ checkedAt }) => checkedAt !== null);
  return (
    <>
      {unreadable !== null && <Failure told={unreadable} />}
      {!hasData && unreadable === null && (
        <Empty title="Nothing was loaded yet">
          <p>The first run makes the DuckDB file. This page notices it by itself.</p>
          <Command>dezgo-elt run</Command>
        </Empty>
      )}
      {lastRun !== null && (
        <section>
          <h2>Last run</h2>
          <Figures
            of={[
              ['outcome', <Badge tone={outcomeTones[lastRun.outcome]}>{lastRun.outcome}</Badge>],
              ['ended', agoText(lastRun.ageSeconds)],
              ['took', durationText(Date.parse(lastRun.finishedAt) - Date.parse(lastRun.startedAt))],
              ['published', lastRun.published ? 'yes' : 'nothing new'],
              ['exit code', lastRun.exitCode],
            ]}
          />
          {lastRun.failure !== null && <Failure told={lastRun.failure} tone={outcomeTones[lastRun.outcome]} />}
        </section>
      )}
      {pending + setAside > 0 && (
        <p class="notice warn">
          {pending > 0 && `${many(pending, 'load package')} wait for the next run. `}
          {setAside > 0 && `${many(setAside, 'load package')} were set aside. `}
          <code>dezgo-elt packages list</code>
        </p>
      )}
      <section>
        <h2>Resources</h2>
        <DataTable
          caption="When each resource was last loaded well, or found unchanged"
          columns={columns}
          rows={resources}
          keyOf={({ name }) => name}
        />
      </section>
    </>
  );
}

const columns: readonly Column<ResourceFreshness>[] = [
  { name: 'Resource', isHead: true, cell: ({ name }) => name },
  { name: 'State', cell: (resource) => <Badge tone={toneOf(resource)}>{stateText(resource)}</Badge> },
  { name: 'Age', isNumber: true, cell: ({ ageSeconds }) => agoText(ageSeconds) },
  {
    name: 'Usual',
    isNumber: true,
    cell: ({ usualSeconds }) => (usualSeconds === null ? '–' : `every ${lengthOf(usualSeconds)}`),
  },
  {
    name: 'Allowed',
    isNumber: true,
    cell: ({ maxAgeSeconds }) => (maxAgeSeconds === null ? '–' : lengthOf(maxAgeSeconds)),
  },
  { name: 'Rows of that load', isNumber: true, cell: ({ rows }) => (rows === null ? '–' : counted(rows)) },
  { name: 'Loaded', cell: ({ loadedAt }) => (loadedAt === null ? '–' : <Time at={loadedAt} />) },
];
