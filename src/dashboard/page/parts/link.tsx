import type { ComponentChildren } from 'preact';
import type { ViewName } from '../../views.ts';
import { goTo, hrefOf, type Query } from '../place.ts';
import { saved } from '../saved.ts';

interface LinkProps {
  readonly view: ViewName;
  readonly query?: Query;
  readonly current?: boolean;
  readonly children: ComponentChildren;
}

/** To another place of the dashboard, without loading the page again. */
export function Link({ view, query = {}, current = false, children }: LinkProps) {
  const href = hrefOf(view, query);
  const follow = (event: MouseEvent) => {
    const isOrdinary = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (saved !== undefined || !isOrdinary) return;
    event.preventDefault();
    goTo(href);
  };
  return (
    <a href={href} onClick={follow} {...(current ? { 'aria-current': 'page' as const } : {})}>
      {children}
    </a>
  );
}
