import { z } from 'zod';

const jsonPath = z.string();
/** Of a query parameter, or a place in the JSON body: dotted names. */
const placeName = z.string().min(1);
const headerName = z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'expected the name of a header');

/** What every paginator has that asks more than once. */
const everywhere = { maximum_pages: z.number().int().positive().optional() };
/** Of those that a reply leads on. Null: what a reply shows as a total does not count its records. */
const led = { total_path: z.null().optional(), ...everywhere };
const orNone = jsonPath
  .nullable()
  .transform((path) => path ?? undefined)
  .optional();
const counted = {
  total_path: jsonPath.nullable().optional(),
  stop_after_empty_page: z.boolean().default(true),
  has_more_path: orNone,
  ...everywhere,
};

const paginatorKinds = [
  z.strictObject({ type: z.literal('single_page') }),
  z.strictObject({ type: z.enum(['json_link', 'json_response']), next_url_path: jsonPath.default('next'), ...led }),
  z.strictObject({ type: z.literal('header_link'), links_next_key: z.string().min(1).default('next'), ...led }),
  z.strictObject({
    type: z.literal('header_cursor'),
    cursor_key: headerName.default('next'),
    cursor_param: placeName.default('cursor'),
    ...led,
  }),
  z.strictObject({
    type: z.literal('cursor'),
    cursor_path: jsonPath.default('cursors.next'),
    cursor_param: placeName.optional(),
    cursor_body_path: placeName.optional(),
    stop_after_empty_page: z.boolean().default(false),
    has_more_path: orNone,
    ...led,
  }),
  z.strictObject({
    type: z.literal('offset'),
    limit: z.number().int().positive(),
    offset: z.number().int().nonnegative().default(0),
    offset_param: placeName.optional(),
    offset_body_path: placeName.optional(),
    limit_param: placeName.optional(),
    limit_body_path: placeName.optional(),
    maximum_offset: z.number().int().positive().optional(),
    ...counted,
  }),
  z.strictObject({
    type: z.literal('page_number'),
    base_page: z.number().int().nonnegative().default(0),
    page: z.number().int().nonnegative().optional(),
    page_param: placeName.optional(),
    page_body_path: placeName.optional(),
    maximum_page: z.number().int().positive().optional(),
    ...counted,
  }),
  z.strictObject({ type: z.literal('auto'), ...led }),
] as const;

const paginatorObject = z.discriminatedUnion('type', paginatorKinds);
const bareKinds = [
  'single_page',
  'json_link',
  'json_response',
  'header_link',
  'header_cursor',
  'cursor',
  'page_number',
  'auto',
] as const;

const offsetNeedsLimit = 'needs a `limit`: write `{ type: offset, limit: 100 }`';

/** A name where every option has a default, or an object. `auto` is settled on the first reply. */
export const paginatorSchema = z.union([
  z
    .enum(bareKinds, { error: ({ input }) => (input === 'offset' ? offsetNeedsLimit : undefined) })
    .transform((type) => paginatorObject.parse({ type })),
  paginatorObject,
]);

export type PaginatorConfig = z.output<typeof paginatorSchema>;
