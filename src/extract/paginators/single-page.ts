import type { Paginator } from './paginator.ts';

/** One request, whatever the reply says. */
export const singlePage: Paginator = function* () {
  yield { at: null };
  return 'single';
};
