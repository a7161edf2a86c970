import { configurationView } from './configuration-view.ts';
import { costsView } from './costs-view.ts';
import { dataView } from './data-view.ts';
import { freshnessView } from './freshness-view.ts';
import { failuresView, loadsView, requestsView, runsView } from './history-views.ts';
import type { Project } from './project.ts';
import { schemaView } from './schema-view.ts';

/** What a view shows, as plain data. */
type View = (project: Project, query: URLSearchParams, signal: AbortSignal) => Promise<object>;

const kinds = {
  freshness: freshnessView,
  runs: runsView,
  loads: loadsView,
  schema: schemaView,
  data: dataView,
  requests: requestsView,
  costs: costsView,
  failures: failuresView,
  configuration: configurationView,
} as const satisfies Record<string, View>;

export type ViewName = keyof typeof kinds;

/** Each is a page, and its data with `.json` behind its name. */
export const views: Readonly<Record<ViewName, View>> = kinds;

export const viewNames = Object.keys(kinds).filter(isViewName);

export function isViewName(name: string): name is ViewName {
  return Object.hasOwn(kinds, name);
}
