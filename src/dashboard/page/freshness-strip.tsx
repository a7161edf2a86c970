import type { ResourceFreshness, RunVerdict } from '../../inspection/freshness.ts';
import type { FreshnessView } from '../freshness-view.ts';
import { Link } from './parts/link.tsx';
import { Badge, type Tone } from './parts/small-parts.tsx';
import { agoText, lengthOf } from './words.ts';

/** At the top of every page: how the last run went, and how old each resource is. */
export function FreshnessStrip({ data }: { readonly data: FreshnessView }) {
  const shown = data.resources.filter(({ selected, isStale }) => selected || isStale);
  return (
    <section class="strip" aria-label="Freshness">
      <p class="verdict">
        <Verdict data={data} />
      </p>
      <ul class="ages">
        {shown.map((resource) => (
          <li key={resource.name}>
            <Link view="freshness">
              <Badge tone={toneOf(resource)}>{resource.name}</Badge>
              <span class="age">{agoText(resource.ageSeconds)}</span>
              <span class="hidden"> ({stateText(resource)})</span>
            </Link>
          </li>
        ))}
      </ul>
      {data.lastRun?.failure && (
        <p class="next">
          <strong>{data.lastRun.failure.message}</strong> {data.lastRun.failure.hint}
        </p>
      )}
    </section>
  );
}

export function toneOf({ ageSeconds, selected, isStale, isLate }: ResourceFreshness): Tone {
  if (!selected && !isStale) return 'calm';
  if (isStale && ageSeconds !== null) return 'bad';
  return isLate || ageSeconds === null ? 'warn' : 'good';
}

/** `fresh`, `late: usually every 24 h`, `older than 26 h`. */
export function stateText({
  ageSeconds,
  selected,
  maxAgeSeconds,
  usualSeconds,
  isStale,
  isLate,
}: ResourceFreshness): string {
  if (!selected && !isStale) return 'only when named';
  if (ageSeconds === null) return 'never loaded';
  if (isStale && maxAgeSeconds !== null) return `older than ${lengthOf(maxAgeSeconds)}`;
  return isLate && usualSeconds !== null ? `late: usually every ${lengthOf(usualSeconds)}` : 'fresh';
}

export const outcomeTones: Readonly<Record<RunVerdict['outcome'], Tone>> = {
  succeeded: 'good',
  partial: 'warn',
  failed: 'bad',
  interrupted: 'warn',
};

function Verdict({ data: { running, lastRun } }: { readonly data: FreshnessView }) {
  if (running !== null) return <Badge tone="calm">A run is going on: {running.name}</Badge>;
  if (lastRun === null) return <Badge tone="calm">No run has ended yet</Badge>;
  const { outcome, exitCode, ageSeconds } = lastRun;
  return (
    <>
      <Badge tone={outcomeTones[outcome]}>Last run {outcome}</Badge>{' '}
      <span class="muted">
        {agoText(ageSeconds)}
        {exitCode === 0 ? '' : `, exit code ${exitCode}`}
      </span>
    </>
  );
}
