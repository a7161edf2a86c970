import type { ComponentType } from 'preact';
import type { ViewName } from '../views.ts';
import { Failure } from './parts/small-parts.tsx';
import { useData } from './view-data.ts';
import { FreshnessPage } from './views/freshness.tsx';

interface ViewPage {
  readonly title: string;
  readonly Show: ComponentType<{ readonly query: string; readonly version: string }>;
}

/** Every view, in the order of the navigation. */
export const viewPages: Readonly<Record<ViewName, ViewPage>> = {
  freshness: viewPage('freshness', 'Freshness', FreshnessPage),
};

export function isViewName(name: string): name is ViewName {
  return Object.hasOwn(viewPages, name);
}

// --- internal ---

type Content<Data> = ComponentType<{ readonly data: Data; readonly query: URLSearchParams }>;

function viewPage<Data>(view: ViewName, title: string, Content: Content<Data>): ViewPage {
  function Show({ query, version }: { readonly query: string; readonly version: string }) {
    const { data, failure } = useData<Data>(view, query, version);
    return (
      <>
        {failure !== undefined && <Failure told={failure} />}
        {data === undefined && failure === undefined && (
          <p class="muted" aria-busy="true">
            Loading …
          </p>
        )}
        {data !== undefined && <Content data={data} query={new URLSearchParams(query)} />}
      </>
    );
  }
  return { title, Show };
}
