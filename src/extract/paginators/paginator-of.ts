import type { PaginatorConfig } from '../../config/grammar/paginator-schema.ts';
import { cursor } from './cursor.ts';
import type { SettledPaginator } from './guess.ts';
import { headerCursor } from './header-cursor.ts';
import { headerLink } from './header-link.ts';
import { jsonLink } from './json-link.ts';
import { offset } from './offset.ts';
import { pageNumber } from './page-number.ts';
import type { Paginator, PaginatorKind } from './paginator.ts';
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
export async function paginatorOf<Type extends keyof Options>(config: Options[Type]): Promise<Paginator> {
  return kinds[config.type].make(config);
}

/** What of a reply leads such a paginator on, as messages name it. */
export function leadOf(config: PaginatorConfig): string {
  return (config.type === 'auto' ? undefined : leadOfKind(config)) ?? 'a next page';
}

// --- internal ---

function leadOfKind<Type extends keyof Options>(config: Options[Type]): string | undefined {
  return kinds[config.type].leadOf?.(config);
}
