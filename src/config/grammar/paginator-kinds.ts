import { z } from 'zod';
import { about } from './about.ts';
import { jsonPathText } from './json-path-text.ts';

// What a paginator is: its keys. What it does is in extract/paginators, one file a kind.

const needed = jsonPathText('expected a JSONPath, such as `meta.next`');
const orNone = jsonPathText('expected a JSONPath; write `null` for none').nullable();
const orAbsent = orNone.transform((path) => path ?? undefined).optional();
/** Of a query parameter, or a place in the JSON body: dotted names. */
const placeName = z.string().min(1);
const headerName = z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'expected the name of a header');
const kind = <Name extends string>(name: Name, what: string) => about(what, z.literal(name));
const stopAfterEmpty = (byDefault: boolean) =>
  about('Whether a page without records ends the list', z.boolean().default(byDefault));

/** What every paginator has that asks more than once. */
const everywhere = {
  maximum_pages: about('The most pages that are read of one list', z.number().int().positive().optional()),
};
/** Of those that a reply leads on. */
const led = {
  total_path: about('`null`: what a reply shows as a total does not count its records', z.null().optional()),
  ...everywhere,
};
const hasMore = {
  has_more_path: about('JSONPath to a true or false in the reply: whether there is a further page', orAbsent),
};
const nextUrl = {
  next_url_path: about('JSONPath to the URL of the next page, which may be relative', needed.default('next')),
  ...led,
};

const counted = (unit: string) => ({
  total_path: about(
    `JSONPath to the number of ${unit} in the reply, default \`total\`; \`null\` for none`,
    orNone.optional(),
  ),
  total_header: about(
    `Header of a reply that holds the number of ${unit}, instead of \`total_path\``,
    headerName.optional(),
  ),
  stop_after_empty_page: stopAfterEmpty(true),
  stop_after_short_page: about(
    'Whether a page of fewer records than were asked for ends the list. Default `false`',
    z.boolean().optional(),
  ),
  ...hasMore,
  ...everywhere,
});
const queryParam = (what: string) => about(`Query parameter that takes ${what}`, placeName.optional());
const bodyPath = (what: string) =>
  about(`Place in the JSON body that takes ${what}: dotted names`, placeName.optional());

/** Every kind, by its `type`. A kind whose keys all have defaults can be written as its name alone. */
export const paginatorKinds = [
  z.strictObject({ type: kind('single_page', 'One request, whatever the reply shows') }),
  z.strictObject({ type: kind('json_link', 'Follows the URL of the next page in the reply'), ...nextUrl }),
  z.strictObject({ type: kind('json_response', "dlt's older name of `json_link`"), ...nextUrl }),
  z.strictObject({
    type: kind('header_link', 'Follows the header `Link`'),
    links_next_key: about(
      'Relation of the link to the next page in the header `Link`',
      z.string().min(1).default('next'),
    ),
    ...led,
  }),
  z.strictObject({
    type: kind('header_cursor', 'Sends on the cursor that a header of the reply holds'),
    cursor_key: about('Header of a reply that holds the next cursor', headerName.default('next')),
    cursor_param: about('Query parameter that takes the cursor', placeName.default('cursor')),
    ...led,
  }),
  z.strictObject({
    type: kind('cursor', 'Sends on the cursor that the reply holds'),
    cursor_path: about('JSONPath to the next cursor in the reply', needed.default('cursors.next')),
    cursor_param: queryParam('the cursor, default `cursor`'),
    cursor_body_path: bodyPath('the cursor'),
    stop_after_empty_page: stopAfterEmpty(false),
    ...hasMore,
    ...led,
  }),
  z.strictObject({
    type: kind('offset', 'Asks for a number of records from an offset on'),
    limit: about('Records a page', z.number().int().positive()).meta({ examples: [100] }),
    offset: about('Where to begin', z.number().int().nonnegative().default(0)),
    offset_param: queryParam('the offset, default `offset`'),
    offset_body_path: bodyPath('the offset'),
    limit_param: queryParam('the limit, default `limit`'),
    limit_body_path: bodyPath('the limit'),
    maximum_offset: about('Where to stop: this offset is not asked for', z.number().int().positive().optional()),
    ...counted('records'),
  }),
  z.strictObject({
    type: kind('page_number', 'Asks for page after page by its number'),
    base_page: about('The number of the first page of the list', z.number().int().nonnegative().default(0)),
    page: about('The page to begin with, default `base_page`', z.number().int().nonnegative().optional()),
    page_param: queryParam('the number, default `page`'),
    page_body_path: bodyPath('the number'),
    page_size: about('Records a page', z.number().int().positive().optional()),
    page_size_param: queryParam('the number of records a page'),
    page_size_body_path: bodyPath('the number of records a page'),
    maximum_page: about('Where to stop: this page is not asked for', z.number().int().positive().optional()),
    ...counted('pages'),
  }),
  z.strictObject({ type: kind('auto', 'As the first reply shows it, where that is unmistakable'), ...led }),
] as const;

/** Whether a reply ends its list, and not a number that is counted: it does no harm where there is only one page. */
export function isLedOn(type: string): boolean {
  return paginatorKinds.some(
    ({ shape }) =>
      shape.type.value === type && type !== 'auto' && 'total_path' in shape && shape.total_path === led.total_path,
  );
}
