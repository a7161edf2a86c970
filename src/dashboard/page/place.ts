import { useEffect, useState } from 'preact/hooks';
import type { ViewName } from '../views.ts';
import { saved } from './saved.ts';

/** What of the dashboard is looked at: a view, and what is chosen in it. */
export interface Place {
  readonly view: string;
  readonly query: URLSearchParams;
}

/** What is chosen in a view. */
export type Query = Readonly<Record<string, string>> | URLSearchParams;

/** The page as a file has its places behind `#`; served, they are addresses. */
export function hrefOf(view: ViewName, query: Query = {}): string {
  const search = new URLSearchParams(query).toString();
  const end = search === '' ? view : `${view}?${search}`;
  return saved === undefined ? `${base}${end}` : `#${end}`;
}

/** Of what is served: the folder with the token in its name. */
export const base = `/${location.pathname.split('/')[1] ?? ''}/`;

export function goTo(href: string): void {
  if (saved === undefined) {
    history.pushState(null, '', href);
    dispatchEvent(new PopStateEvent('popstate'));
  } else location.hash = href;
}

/** Follows the address. */
export function usePlace(): Place {
  const [place, setPlace] = useState(currentPlace);
  useEffect(() => {
    const follow = () => setPlace(currentPlace());
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  return place;
}

// --- internal ---

const first: ViewName = 'freshness';

function currentPlace(): Place {
  const text =
    saved === undefined ? `${location.pathname.slice(base.length)}${location.search}` : location.hash.slice(1);
  const [view = '', search = ''] = text.split('?', 2);
  return { view: view === '' ? first : view, query: new URLSearchParams(search) };
}
