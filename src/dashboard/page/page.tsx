import { useEffect, useRef } from 'preact/hooks';
import type { FreshnessView } from '../freshness-view.ts';
import { FreshnessStrip } from './freshness-strip.tsx';
import { Link } from './parts/link.tsx';
import { Empty, Failure, Time } from './parts/small-parts.tsx';
import { usePlace } from './place.ts';
import { saved } from './saved.ts';
import { useData, useVersion, type Version } from './view-data.ts';
import { isViewName, viewPages } from './view-pages.tsx';

export function Page() {
  const place = usePlace();
  const version = useVersion();
  const freshness = useData<FreshnessView>('freshness', '', version.version);
  const main = useRef<HTMLElement>(null);
  const name = isViewName(place.view) ? place.view : undefined;
  const title = name === undefined ? 'No such view' : viewPages[name].title;
  const Show = name === undefined ? undefined : viewPages[name].Show;
  const pipeline = freshness.data?.pipeline ?? '';
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = pipeline === '' ? title : `${title} · ${pipeline}`;
  }, [title, pipeline]);
  useEffect(() => {
    if (!isFirst.current) main.current?.focus({ preventScroll: true });
    isFirst.current = false;
    scrollTo(0, 0);
  }, [place.view]);
  return (
    <>
      <header>
        <button type="button" class="skip" onClick={() => main.current?.focus()}>
          Skip to content
        </button>
        <div class="title">
          <p class="name">{pipeline === '' ? 'dezgo-elt' : pipeline}</p>
          <p class="muted">{freshness.data && `${freshness.data.dataset} in ${freshness.data.destination}`}</p>
          <Liveness version={version} />
        </div>
        {freshness.data && <FreshnessStrip data={freshness.data} />}
        {freshness.data === undefined && freshness.failure !== undefined && <Failure told={freshness.failure} />}
        <nav class="views" aria-label="Views">
          <ul>
            {Object.keys(viewPages)
              .filter(isViewName)
              .map((view) => (
                <li key={view}>
                  <Link view={view} current={view === name}>
                    {viewPages[view].title}
                  </Link>
                </li>
              ))}
          </ul>
        </nav>
      </header>
      <main id="main" ref={main} tabIndex={-1} aria-labelledby="heading">
        <h1 id="heading">{title}</h1>
        {Show === undefined ? (
          <Empty title={`There is no view “${place.view}”`}>
            <p>Choose one above.</p>
          </Empty>
        ) : (
          <Show key={name} query={place.query.toString()} version={version.version} />
        )}
      </main>
    </>
  );
}

function Liveness({ version: { isLost, changedAt } }: { readonly version: Version }) {
  return (
    <p class="live" role="status">
      {saved !== undefined && (
        <>
          as of <Time at={saved.at} />
        </>
      )}
      {saved === undefined && isLost && <span class="bad">not connected: dezgo-elt show was ended</span>}
      {saved === undefined && !isLost && changedAt !== undefined && (
        <>
          updated <Time at={new Date(changedAt).toISOString()} />
        </>
      )}
      {saved === undefined && !isLost && changedAt === undefined && 'live'}
    </p>
  );
}
