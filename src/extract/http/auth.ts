import type { AuthConfig } from '../../config/grammar/auth-schema.ts';
import { carriesKey } from '../../config/grammar/secret-schema.ts';
import { keyOddity } from '../../config/key-oddity.ts';
import type { Secret } from '../../config/secret.ts';
import { PipelineError } from '../../errors.ts';
import { filledText, type PlaceholderValues } from '../../text/placeholders.ts';
import { isSameHome } from './url.ts';

/** Something that only one host may see. */
export interface Credential {
  /** The host that it is for; requests to any other do not carry it. */
  readonly home: URL;
  readonly place: 'header' | 'query';
  readonly name: string;
  readonly value: string;
  /** Where it came from, such as `environment DEZGO_API_KEY`. */
  readonly origin: string | undefined;
  /** Gets another one in place of this, which was refused although it should not have been: a token may end before its time. */
  readonly renew?: () => Promise<Credential>;
  /** The value is a secret in another form, and hidden like one. */
  readonly isEncoded?: boolean;
  /** False for an ordinary header: what is told of a refused key does not name it. */
  readonly isKey: boolean;
  /** What is odd about the key, such as quotes around it: `keyOddity`. */
  readonly oddity?: string | undefined;
}

/** Gives an access token, another one than that which was refused. */
export type TokenSource = (auth: OAuthConfig, refused?: string) => Promise<string>;
export type OAuthConfig = Extract<AuthConfig, { type: 'oauth2_client_credentials' | 'oauth2_refresh_token' }>;

type Kinds = { readonly [Type in AuthConfig['type']]: Extract<AuthConfig, { type: Type }> };

/** What every kind of the grammar sends, config/grammar/auth-schema.ts. */
const kinds: {
  readonly [Type in keyof Kinds]: (
    auth: Kinds[Type],
    home: URL,
    token: TokenSource,
    values: PlaceholderValues,
  ) => Credential | Promise<Credential>;
} = {
  api_key: ({ name, api_key, location, prefix = '' }, home) => {
    const key = queryCredential(home, name, `${prefix}${api_key.reveal()}`, api_key.origin);
    return location === 'header' ? { ...key, place: 'header' } : key;
  },
  bearer: ({ token }, home) => authorization(home, `Bearer ${token.reveal()}`, token),
  http_basic: ({ username, password }, home, _, values) => basicCredential(home, textOf(username, values), password),
  oauth2_client_credentials: async (auth, home, token) => tokenCredential(auth, home, token, await token(auth)),
  oauth2_refresh_token: async (auth, home, token) => tokenCredential(auth, home, token, await token(auth)),
};

/** What `auth` sends to `home`; `values` of the placeholders in it. Throws SecretMissing. */
export async function credentialOf<Type extends keyof Kinds>(
  auth: Kinds[Type],
  home: URL,
  token: TokenSource,
  values: PlaceholderValues,
): Promise<Credential> {
  return kinds[auth.type](auth, home, token, values);
}

/** `Basic …` of RFC 7617. */
export function basicCredential(
  home: URL,
  username: string,
  password: Secret | undefined,
  encode = asItIs,
): Credential {
  const pair = `${username}:${encode(password?.reveal() ?? '')}`;
  return { ...authorization(home, `Basic ${Buffer.from(pair).toString('base64')}`, password), isEncoded: true };
}

/** A value of the configuration as it goes into a request, and nowhere else. */
export function textOf(value: string | Secret, values: PlaceholderValues): string {
  return typeof value === 'string' ? filledText(value, values) : value.reveal();
}

/** A header of the configuration as something that only `home` may see. */
export function headerCredential(home: URL, name: string, value: string, secret: Secret | undefined): Credential {
  const isKey = secret !== undefined || carriesKey(name);
  const oddity = secret === undefined ? undefined : keyOddity(value, name);
  return { home, place: 'header', name, value, origin: secret?.origin, isKey, oddity };
}

/** A query parameter that only `home` may see. */
export function queryCredential(home: URL, name: string, value: string, origin: string | undefined): Credential {
  return { home, place: 'query', name, value, origin, isKey: true, oddity: keyOddity(value, name) };
}

/** True for a header that other hosts may see too: those that a browser sends to any site without asking. */
export function mayLeaveHome(header: string): boolean {
  return /^(accept|accept-language|user-agent|content-type)$/i.test(header);
}

/** Those of the credentials that may go to `url`. */
export function credentialsFor(url: URL, credentials: readonly Credential[]): readonly Credential[] {
  return credentials.filter(({ home }) => isSameHome(home, url));
}

/** Puts credentials into copies of URL and headers. */
export function withCredentials(
  url: URL,
  headers: Headers,
  credentials: readonly Credential[],
): { url: URL; headers: Headers } {
  const target = { url: new URL(url), headers: new Headers(headers) };
  const { searchParams } = target.url;
  // A `next` link may repeat the key, masked.
  for (const { place, name } of credentials) if (place === 'query') searchParams.delete(name);
  for (const { place, name, value, origin } of credentials) {
    if (place === 'query') searchParams.append(name, value);
    else setHeader(target.headers, name, value, origin);
  }
  return target;
}

/** Throws ConfigInvalid for what no header may hold; the platform's own error would show the value. */
export function setHeader(headers: Headers, name: string, value: string, origin?: string): void {
  try {
    headers.set(name, value);
  } catch {
    throw new PipelineError({
      code: 'ConfigInvalid',
      message: `The header \`${name}\` cannot be sent: its name or value holds characters that are not allowed there.`,
      hint: `Look for line breaks and letters outside Latin-1 in ${origin ?? 'the configuration'}.`,
      facts: { header: name, origin },
    });
  }
}

// --- internal ---

function asItIs(text: string): string {
  return text;
}

function tokenCredential(auth: OAuthConfig, home: URL, source: TokenSource, token: string): Credential {
  const renew = async () => tokenCredential(auth, home, source, await source(auth, token));
  const { origin } = auth.type === 'oauth2_refresh_token' ? auth.refresh_token : auth.client_secret;
  return { ...authorization(home, `Bearer ${token}`, undefined), origin, renew };
}

function authorization(home: URL, value: string, secret: Secret | undefined): Credential {
  const name = 'Authorization';
  return { home, place: 'header', name, value, origin: secret?.origin, isKey: true, oddity: keyOddity(value, name) };
}
