import type { ViewName } from '../views.ts';

/** What a page that was written to a file shows: the data of each view by its name. */
export interface Saved {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly views: Readonly<Record<ViewName, unknown>>;
}

/** Undefined where the page is served and asks for its data. */
export const saved: Saved | undefined = savedIn(document.getElementById('saved'));

// --- internal ---

function savedIn(element: HTMLElement | null): Saved | undefined {
  return element === null ? undefined : JSON.parse(element.textContent ?? '');
}
