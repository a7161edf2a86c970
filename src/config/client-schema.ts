import { z } from 'zod';
import type { Secret } from './secret.ts';
import { byteSize, duration } from './units.ts';

/** How the secrets of a file become `Secret`s. Made by the loader; see secrets.ts. */
export interface SecretSource {
  /** A reference `{ secret: KEY, env: VARIABLE }`. */
  lookup(key: string, variable?: string): Secret;
  /** A plain text where a secret belongs: accepted with a warning. */
  plain(key: string, value: string): Secret;
}

const secretReference = z.strictObject({ secret: z.string().min(1), env: z.string().min(1).optional() });

const secretFields = new WeakSet<object>();

/** Whether a schema is that of a secret, so that an environment variable becomes a secret, not a plain text. */
export function isSecretField(schema: object): boolean {
  return secretFields.has(schema);
}

function secretField(key: string, source: SecretSource) {
  const field = z.union([
    secretReference.transform(({ secret, env }) => source.lookup(secret, env)),
    z
      .string()
      .min(1)
      .transform((value) => source.plain(key, value)),
  ]);
  secretFields.add(field);
  return field;
}

export function authSchema(source: SecretSource) {
  return z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('api_key'),
      /** The header or query parameter. Required: dlt's default `Authorization` sent the key in the wrong header. */
      name: z.string().min(1),
      api_key: secretField('api_key', source),
      location: z.enum(['header', 'query', 'param']).default('header'),
    }),
    z.strictObject({ type: z.literal('bearer'), token: secretField('token', source) }),
    z.strictObject({ type: z.literal('http_basic'), username: z.string(), password: secretField('password', source) }),
    z.strictObject({
      type: z.literal('oauth2_client_credentials'),
      access_token_url: z.url(),
      client_id: z.string(),
      client_secret: secretField('client_secret', source),
      access_token_request_data: z.record(z.string(), z.string()).default({}),
      default_token_expiration: duration.default(3_600_000),
    }),
  ]);
}

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

/** `fetch` refuses an address that holds a password, and messages show the address. */
const baseUrl = z
  .url({ protocol: /^https?$/ })
  .refine(
    (url) => !/^\w+:\/\/[^/?#]*@/.test(url),
    'expected a URL without user name and password: those belong in `auth`',
  );

export function clientSchema(source: SecretSource) {
  return z.strictObject({
    base_url: baseUrl,
    headers: z
      .record(
        z.string(),
        z.union([z.string(), secretReference.transform(({ secret, env }) => source.lookup(secret, env))]),
      )
      .default({}),
    auth: authSchema(source).optional(),
    paginator: paginatorSchema.optional(),
    timeout: duration.default(60_000),
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

export type AuthConfig = z.output<ReturnType<typeof authSchema>>;
export type PaginatorConfig = z.output<typeof paginatorSchema>;
export type ClientConfig = z.output<ReturnType<typeof clientSchema>>;
