import { z } from 'zod';
import type { WithSecrets } from '../secret-reference.ts';
import { about } from './about.ts';
import { urlWithVariables } from './http-url.ts';
import { optionalSecret, secretField, textOrSecret } from './secret-schema.ts';
import { age } from './units.ts';

// What an authentication is: its keys. What it sends is in extract/http/auth.

/** Of what is asked for at a token service. */
const ofClient = <Secret extends z.ZodType>(client_secret: Secret) => ({
  access_token_url: about('Where the token is asked for', urlWithVariables),
  client_id: about('Id of the client, or a reference to it', textOrSecret.prefault({ secret: 'client_id' })),
  client_secret,
  scope: about('What the token is to allow, with blanks between', z.string().optional()),
  client_auth: about(
    'Where the id and the secret of the client go: `body`, or `basic`, a header. Default `body`',
    z.enum(['body', 'basic']).optional(),
  ),
  access_token_request_data: about(
    'What is sent along when the token is asked for',
    z.record(z.string(), textOrSecret).default({}),
  ),
  default_token_expiration: about(
    'How long a token holds whose reply does not say so, default `1h`',
    age.default(3_600_000),
  ),
});

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
    ...ofClient(about('Secret of the client: `{ secret: KEY, env: VARIABLE }`', secretField('client_secret'))),
  }),
  z.strictObject({
    type: kind('oauth2_refresh_token', 'A token that is asked for with a refresh token'),
    ...ofClient(about('Secret of the client, if it has one', optionalSecret('client_secret'))),
    refresh_token: about('The refresh token: `{ secret: KEY, env: VARIABLE }`', secretField('refresh_token')),
    refresh_token_file: about(
      'Where a refresh token is kept that comes in place of the one before; only its owner can read it',
      z.string().min(1).optional(),
    ),
    access_token_path: about(
      'JSONPath to the token in the reply. Default `access_token`',
      z.string().min(1).optional(),
    ),
    expires_in_path: about(
      'JSONPath to the seconds that the token holds. Default `expires_in`',
      z.string().min(1).optional(),
    ),
  }),
]);

/** dlt's short form: the name of a kind, whose values are all secrets that are looked up. */
const byName = about(
  'A kind by its name: its values are secrets with the names of its keys',
  z
    .enum(['bearer', 'http_basic', 'api_key', 'oauth2_client_credentials', 'oauth2_refresh_token'])
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
