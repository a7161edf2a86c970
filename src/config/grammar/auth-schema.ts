import { z } from 'zod';
import { httpUrl } from './http-url.ts';
import { type SecretSource, secretField, textOrSecret } from './secret-schema.ts';
import { age } from './units.ts';

export function authSchema(source: SecretSource) {
  return z.preprocess(withType<z.input<ReturnType<typeof kinds>>>, kinds(source));
}

export type AuthConfig = z.output<ReturnType<typeof authSchema>>;

// --- internal ---

function kinds(source: SecretSource) {
  return z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('api_key'),
      /** The header or query parameter. Required: dlt's default `Authorization` sent the key in the wrong header. */
      name: z.string().min(1),
      api_key: secretField('api_key', source),
      location: z.enum(['header', 'query', 'param']).default('header'),
    }),
    // In the JSON Schema only the token is required: `withType` adds the type.
    z.strictObject({ type: z.literal('bearer'), token: secretField('token', source) }).meta({ required: ['token'] }),
    z.strictObject({
      type: z.literal('http_basic'),
      username: textOrSecret(source),
      /** May be empty: some APIs take their key as user name. */
      password: secretField('password', source, z.string()),
    }),
    z.strictObject({
      type: z.literal('oauth2_client_credentials'),
      access_token_url: httpUrl,
      client_id: textOrSecret(source),
      client_secret: secretField('client_secret', source),
      access_token_request_data: z.record(z.string(), textOrSecret(source)).default({}),
      default_token_expiration: age.default(3_600_000),
    }),
  ]);
}

/** dlt's short form: `auth: { token }` is a bearer. */
function withType<Auth>(auth: Auth | Omit<Extract<Auth, { type: 'bearer' }>, 'type'>): unknown {
  const isShort = typeof auth === 'object' && auth !== null && 'token' in auth && !('type' in auth);
  return isShort ? { type: 'bearer', ...auth } : auth;
}
