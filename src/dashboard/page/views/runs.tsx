import type { RunRow } from '../../../inspection/past-runs.ts';
import type { RunsView } from '../../history-views.ts';
import { type Bar, Bars } from '../parts/bars.tsx';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { Badge, Command, Empty, Figures, Time, type Tone } from '../parts/small-parts.tsx';
import { counted, durationText, lengthOf } from '../words.ts';

export function RunsPage({ data: { runs, isCut } }: { readonly data: RunsView }) {
  const [newest] = runs;
  const oldest = runs.at(-1);
  if (newest === undefined || oldest === undefined) {
    return (
      <Empty title="No run has ended yet">
        <p>Each run leaves a line in runs.jsonl of the working folder, also when it fails.</p>
        <Command>dezgo-elt run</Command>
      </Empty>
    );
  }
  const usual = usualGap(runs);
  const well = runs.filter(({ outcome }) => outcome === 'succeeded').length;
  const longest = Math.max(...runs.map(({ milliseconds }) => milliseconds ?? 0));
  return (
    <>
      <Figures
        of={[
          [isCut ? 'newest runs' : 'runs', counted(runs.length)],
          ['went well', `${Math.round((well / runs.length) * 100)} %`],
          ['usually every', usual === null ? '–' : lengthOf(usual)],
          ['longest', durationText(longest)],
        ]}
      />
      <section>
        <h2>Duration by step</h2>
        <p class="legend">
          <span class="key extract">extract</span> <span class="key load">load</span>{' '}
          <span class="key failed">of a run that failed</span>
        </p>
        <Bars
          title={`How long each of the last ${runs.length} runs took, the oldest first; the table below has the numbers`}
          bars={runs.toReversed().flatMap((run) => [...gapBars(run, usual), barOf(run)])}
          most={durationText(longest)}
          from={<Time at={oldest.startedAt} />}
          to={<Time at={newest.startedAt} />}
        />
      </section>
      <section>
        <h2>Runs</h2>
        <DataTable
          caption={`${isCut ? `The newest ${runs.length}` : 'All that are known'}, the newest first. A gap is more than twice as long as usual.`}
          columns={columns(usual)}
          rows={runs}
          keyOf={({ startedAt }) => startedAt}
        />
      </section>
    </>
  );
}

// --- internal ---

const tones: Readonly<Record<RunRow['outcome'], Tone>> = {
  succeeded: 'good',
  partial: 'warn',
  failed: 'bad',
  interrupted: 'warn',
  killed: 'bad',
};

function barOf({ startedAt, milliseconds, steps, outcome }: RunRow): Bar {
  const all = milliseconds ?? 0;
  const label = `${startedAt.slice(0, 16).replace('T', ' ')} UTC: ${outcome}, ${durationText(all)}`;
  if (steps === null || outcome !== 'succeeded')
    return { key: startedAt, label, parts: [{ value: Math.max(all, 1), tone: 'failed' }] };
  const { extract, load } = steps;
  const rest = Math.max(0, all - extract - load);
  return {
    key: startedAt,
    label,
    parts: [
      { value: extract, tone: 'extract' },
      { value: load, tone: 'load' },
      { value: rest, tone: 'rest' },
    ],
  };
}

/** A bar for each run that should have been, as far as they can be seen. */
function gapBars({ startedAt, gapSeconds }: RunRow, usual: number | null): Bar[] {
  if (gapSeconds === null || !isGap(gapSeconds, usual) || usual === null) return [];
  const missed = Math.min(MOST_MISSED, Math.round(gapSeconds / Math.max(1, usual)) - 1);
  return Array.from({ length: missed }, (_, index) => ({
    key: `${startedAt} ${index}`,
    label: `no run for ${lengthOf(gapSeconds)}`,
    parts: [],
  }));
}

const MOST_MISSED = 10;

function isGap(gapSeconds: number | null, usual: number | null): boolean {
  return gapSeconds !== null && usual !== null && gapSeconds > Math.max(60, 2 * usual);
}

const columns = (usual: number | null): readonly Column<RunRow>[] => [
  {
    name: 'Began',
    isHead: true,
    cell: ({ startedAt, gapSeconds }) => (
      <>
        <Time at={startedAt} />
        {gapSeconds !== null && isGap(gapSeconds, usual) && (
          <>
            {' '}
            <Badge tone="warn">{lengthOf(gapSeconds)} gap</Badge>
          </>
        )}
      </>
    ),
  },
  { name: 'Outcome', cell: ({ outcome }) => <Badge tone={tones[outcome]}>{outcome}</Badge> },
  { name: 'Exit code', isNumber: true, cell: ({ exitCode }) => exitCode ?? '–' },
  {
    name: 'Took',
    isNumber: true,
    cell: ({ milliseconds }) => (milliseconds === null ? '–' : durationText(milliseconds)),
  },
  { name: 'Extract', isNumber: true, cell: ({ steps }) => (steps === null ? '–' : durationText(steps.extract)) },
  { name: 'Load', isNumber: true, cell: ({ steps }) => (steps === null ? '–' : durationText(steps.load)) },
  { name: 'Rows', isNumber: true, cell: ({ rows }) => (rows === null ? '–' : counted(rows)) },
  { name: 'Why', isLong: true, cell: ({ failure, hint }) => failure !== null && <Why failure={failure} hint={hint} /> },
];

function Why({ failure, hint }: { readonly failure: string; readonly hint: string | null }) {
  return (
    <>
      {failure} {hint !== null && <span class="muted">{hint}</span>}
    </>
  );
}

function usualGap(runs: readonly RunRow[]): number | null {
  const gaps = runs.flatMap(({ gapSeconds }) => gapSeconds ?? []).sort((one, other) => one - other);
  return gaps.length < 3 ? null : (gaps[Math.floor(gaps.length / 2)] ?? null);
}
