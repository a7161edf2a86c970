import { freshnessView } from './freshness-view.ts';
import type { Project } from './project.ts';

/** What a view shows, as plain data. */
type View = (project: Project, query: URLSearchParams, signal: AbortSignal) => Promise<object>;

const kinds = {
  freshness: freshnessView,
} as const satisfies Record<string, View>;

export type ViewName = keyof typeof kinds;

/** Each is a page, and its data with `.json` behind its name. */
export const views: Readonly<Record<ViewName, View>> = kinds;

export const viewNames = Object.keys(kinds).filter(isViewName);

export function isViewName(name: string): name is ViewName {
  return Object.hasOwn(kinds, name);
}
