import type { ComponentType } from 'preact';
import type { ViewName } from '../views.ts';
import { Failure } from './parts/small-parts.tsx';
import { useData } from './view-data.ts';
import { ConfigurationPage } from './views/configuration.tsx';
import { CostsPage } from './views/costs.tsx';
import { DataPage } from './views/data.tsx';
import { FailuresPage } from './views/failures.tsx';
import { FreshnessPage } from './views/freshness.tsx';
import { LoadsPage } from './views/loads.tsx';
import { RequestsPage } from './views/requests.tsx';
import { RunsPage } from './views/runs.tsx';
import { SchemaPage } from './views/schema.tsx';

interface ViewPage {
  readonly title: string;
  readonly Show: ComponentType<{ readonly query: string; readonly version: string }>;
}

/** Every view, in the order of the navigation. */
export const viewPages: Readonly<Record<ViewName, ViewPage>> = {
  freshness: viewPage('freshness', 'Freshness', FreshnessPage),
  runs: viewPage('runs', 'Runs', RunsPage),
  loads: viewPage('loads', 'Loads', LoadsPage),
  schema: viewPage('schema', 'Schema', SchemaPage),
  data: viewPage('data', 'Data', DataPage),
  requests: viewPage('requests', 'Requests', RequestsPage),
  costs: viewPage('costs', 'Costs', CostsPage),
  failures: viewPage('failures', 'Failures', FailuresPage),
  configuration: viewPage('configuration', 'Configuration', ConfigurationPage),
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
