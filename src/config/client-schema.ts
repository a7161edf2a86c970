import { z } from 'zod';
import { authSchema } from './auth-schema.ts';
import { httpUrl } from './http-url.ts';
import { headersSchema, type SecretSource } from './secret-schema.ts';
import { byteSize, duration, timeLimit } from './units.ts';

const jsonPath = z.string();
const pageBounds = {
  total_path: jsonPath.nullable().optional(),
  stop_after_empty_page: z.boolean().default(true),
  has_more_path: jsonPath.optional(),
};

const paginatorKinds = [
  z.strictObject({ type: z.literal('single_page') }),
  z.strictObject({ type: z.enum(['json_link', 'json_response']), next_url_path: jsonPath.default('next') }),
  z.strictObject({ type: z.literal('header_link'), links_next_key: z.string().default('next') }),
  z.strictObject({
    type: z.literal('header_cursor'),
    cursor_key: z.string().default('next'),
    cursor_param: z.string().default('cursor'),
  }),
  z.strictObject({
    type: z.literal('cursor'),
    cursor_path: jsonPath.default('cursors.next'),
    cursor_param: z.string().optional(),
    cursor_body_path: z.string().optional(),
    stop_after_empty_page: z.boolean().default(false),
    has_more_path: jsonPath.optional(),
  }),
  z.strictObject({
    type: z.literal('offset'),
    limit: z.number().int().positive(),
    offset: z.number().int().nonnegative().default(0),
    offset_param: z.string().optional(),
    offset_body_path: z.string().optional(),
    limit_param: z.string().optional(),
    limit_body_path: z.string().optional(),
    maximum_offset: z.number().int().positive().optional(),
    ...pageBounds,
  }),
  z.strictObject({
    type: z.literal('page_number'),
    base_page: z.number().int().nonnegative().default(0),
    page: z.number().int().nonnegative().optional(),
    page_param: z.string().optional(),
    page_body_path: z.string().optional(),
    maximum_page: z.number().int().positive().optional(),
    ...pageBounds,
  }),
  z.strictObject({ type: z.literal('auto') }),
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

export function clientSchema(source: SecretSource) {
  return z.strictObject({
    base_url: httpUrl,
    headers: headersSchema(source).default({}),
    auth: authSchema(source).optional(),
    paginator: paginatorSchema.optional(),
    timeout: timeLimit.default(60_000),
    retry: z
      .strictObject({
        attempts: z.number().int().positive().default(5),
        backoff: duration.default(1000),
        max_delay: duration.default(300_000),
      })
      .prefault({}),
    max_response_bytes: byteSize.default(256_000_000),
  });
}

export type PaginatorConfig = z.output<typeof paginatorSchema>;
export type ClientConfig = z.output<ReturnType<typeof clientSchema>>;
