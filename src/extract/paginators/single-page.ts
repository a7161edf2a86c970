import type { Paginator, PaginatorKind } from './paginator.ts';

/** One request, whatever the reply says. */
export const onePage: Paginator = function* () {
  yield { at: null };
  return 'single';
};

export const singlePage: PaginatorKind<unknown> = { make: () => onePage };
