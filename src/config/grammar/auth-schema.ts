import { z } from 'zod';
import type { WithSecrets } from '../secret-reference.ts';
import { about } from './about.ts';
import { httpUrl } from './http-url.ts';
import { secretField, textOrSecret } from './secret-schema.ts';
import { age } from './units.ts';

// What an authentication is: its keys. What it sends is in extract/http/auth.

const kinds = z.discriminatedUnion('type', [
  z.strictObject({
    type: kind('api_key', 'A key in a header or in the query'),
    // Required: dlt's default `Authorization` sent the key in the wrong header.
    name: about('Name of the header or query parameter', z.string().min(1)),
    api_key: about('The key: `{ secret: KEY, env: VARIABLE }`', secretField('api_key')),
    prefix: about('What comes before the key, blank included: `Token `', z.string().optional()),
    location: about('Where the key goes; `param` is `query`', z.enum(['header', 'query', 'param']).default('header')),
  }),
  // In the JSON Schema nothing is required: `withType` adds the type, and the token is looked up.
  z
    .strictObject({
      type: kind('bearer', '`Authorization: Bearer …`; `{ token: … }` alone is one too'),
      token: about('The token: `{ secret: KEY, env: VARIABLE }`', secretField('token')),
    })
    .meta({ required: [] }),
  z.strictObject({
    type: kind('http_basic', 'User name and password (RFC 7617)'),
    username: about('The user name, or a reference to it', textOrSecret.prefault({ secret: 'username' })),
    // May be empty: some APIs take their key as user name.
    password: about(
      'The password: `{ secret: KEY, env: VARIABLE }`; may be empty',
      secretField('password', z.string()),
    ),
  }),
  z.strictObject({
    type: kind('oauth2_client_credentials', 'A token that is asked for with the id and secret of a client'),
    access_token_url: about('Where the token is asked for', httpUrl),
    client_id: about('Id of the client, or a reference to it', textOrSecret.prefault({ secret: 'client_id' })),
    client_secret: about('Secret of the client: `{ secret: KEY, env: VARIABLE }`', secretField('client_secret')),
    access_token_request_data: about(
      'What is sent along when the token is asked for',
      z.record(z.string(), textOrSecret).default({}),
    ),
    default_token_expiration: about(
      'How long a token holds whose reply does not say so, default `1h`',
      age.default(3_600_000),
    ),
  }),
]);

/** dlt's short form: the name of a kind, whose values are all secrets that are looked up. */
const byName = about(
  'A kind by its name: its values are secrets with the names of its keys',
  z
    .enum(['bearer', 'http_basic', 'api_key', 'oauth2_client_credentials'])
    .transform((type) => ({ type }))
    .pipe(kinds),
);

export const authSchema = z.union([z.preprocess(withType<z.input<typeof kinds>>, kinds), byName]);

/** No credentials. */
export const noAuth = z.union([z.literal('none'), z.null().transform(() => 'none' as const)]);

export type AuthConfig = WithSecrets<z.output<typeof kinds>>;

// --- internal ---

function kind<Name extends string>(name: Name, what: string) {
  return about(what, z.literal(name));
}

/** dlt's short form: `auth: { token }` is a bearer. */
function withType<Auth>(auth: Auth | Omit<Extract<Auth, { type: 'bearer' }>, 'type'>): unknown {
  const isShort = typeof auth === 'object' && auth !== null && 'token' in auth && !('type' in auth);
  return isShort ? { type: 'bearer', ...auth } : auth;
}
