import type { Saved } from '../saved-page.ts';

/** What a page shows that was written to a file; undefined where it is served, and asks for its data. */
export const saved: Saved | undefined = savedIn(document.getElementById('saved'));

// --- internal ---

function savedIn(element: HTMLElement | null): Saved | undefined {
  return element === null ? undefined : JSON.parse(element.textContent ?? '');
}
