import { z } from 'zod';
import type { WithSecrets } from '../secret-reference.ts';
import { httpUrl } from './http-url.ts';
import { secretField, textOrSecret } from './secret-schema.ts';
import { age } from './units.ts';

const kinds = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('api_key'),
    /** The header or query parameter. Required: dlt's default `Authorization` sent the key in the wrong header. */
    name: z.string().min(1),
    api_key: secretField('api_key'),
    location: z.enum(['header', 'query', 'param']).default('header'),
  }),
  // In the JSON Schema only the token is required: `withType` adds the type.
  z.strictObject({ type: z.literal('bearer'), token: secretField('token') }).meta({ required: ['token'] }),
  z.strictObject({
    type: z.literal('http_basic'),
    username: textOrSecret,
    /** May be empty: some APIs take their key as user name. */
    password: secretField('password', z.string()),
  }),
  z.strictObject({
    type: z.literal('oauth2_client_credentials'),
    access_token_url: httpUrl,
    client_id: textOrSecret,
    client_secret: secretField('client_secret'),
    access_token_request_data: z.record(z.string(), textOrSecret).default({}),
    default_token_expiration: age.default(3_600_000),
  }),
]);

export const authSchema = z.preprocess(withType<z.input<typeof kinds>>, kinds);

export type AuthConfig = WithSecrets<z.output<typeof kinds>>;

// --- internal ---

/** dlt's short form: `auth: { token }` is a bearer. */
function withType<Auth>(auth: Auth | Omit<Extract<Auth, { type: 'bearer' }>, 'type'>): unknown {
  const isShort = typeof auth === 'object' && auth !== null && 'token' in auth && !('type' in auth);
  return isShort ? { type: 'bearer', ...auth } : auth;
}
