import { cursor } from './cursor.ts';
import type { SettledPaginator } from './guess.ts';
import { headerCursor } from './header-cursor.ts';
import { headerLink } from './header-link.ts';
import { jsonLink } from './json-link.ts';
import { offset } from './offset.ts';
import { pageNumber } from './page-number.ts';
import type { Paginator } from './paginator.ts';
import { singlePage } from './single-page.ts';

/** The paginator that a configuration names. Throws ConfigInvalid for a wrong JSONPath. */
export async function paginatorOf(config: SettledPaginator): Promise<Paginator> {
  switch (config.type) {
    case 'single_page':
      return singlePage;
    case 'page_number':
      return pageNumber(config);
    case 'offset':
      return offset(config);
    case 'cursor':
      return cursor(config);
    case 'json_link':
    case 'json_response':
      return jsonLink(config);
    case 'header_link':
      return headerLink(config);
    case 'header_cursor':
      return headerCursor(config);
  }
}
