import type { PaginatorConfig } from '../../config/grammar/paginator-schema.ts';
import { cursor } from './cursor.ts';
import type { SettledPaginator } from './guess.ts';
import { headerCursor } from './header-cursor.ts';
import { headerLink } from './header-link.ts';
import { jsonLink } from './json-link.ts';
import { offset } from './offset.ts';
import { pageNumber } from './page-number.ts';
import type { Paginator, PaginatorKind, Tell } from './paginator.ts';
import { singlePage } from './single-page.ts';

type Options = { readonly [Type in SettledPaginator['type']]: Extract<SettledPaginator, { type: Type }> };

/** What every kind of the grammar does, but for `auto`, which the first reply settles. */
const kinds: { readonly [Type in keyof Options]: PaginatorKind<Options[Type]> } = {
  single_page: singlePage,
  json_link: jsonLink,
  json_response: jsonLink,
  header_link: headerLink,
  header_cursor: headerCursor,
  cursor,
  offset,
  page_number: pageNumber,
};

/** The paginator that a configuration names. Throws ConfigInvalid for a wrong JSONPath. */
export async function paginatorOf<Type extends keyof Options>(config: Options[Type], tell: Tell): Promise<Paginator> {
  return kinds[config.type].make(config, tell);
}

/** What can be said of a paginator before any reply. */
interface Traits {
  /** What of a reply leads on to the next page, as messages name it. */
  readonly lead: string;
  /** There is such a thing: it is not the pages themselves that are counted. */
  readonly isLed: boolean;
  /** It begins in the middle of the list. */
  readonly skips: boolean;
  /** JSONPath to what it takes for the number of pages, or the header. */
  readonly pagesAt: string | undefined;
}

export function traitsOf(config: PaginatorConfig): Traits {
  if (config.type === 'auto') return { lead: 'a next page', isLed: false, skips: false, pagesAt: undefined };
  return traitsOfKind(config);
}

// --- internal ---

function traitsOfKind<Type extends keyof Options>(config: Options[Type]): Traits {
  const { leadOf, skips, pagesAt } = kinds[config.type];
  return {
    lead: leadOf?.(config) ?? 'a next page',
    isLed: leadOf !== undefined,
    skips: skips?.(config) === true,
    pagesAt: pagesAt?.(config),
  };
}
