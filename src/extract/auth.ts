import type { AuthConfig } from '../config/client-schema.ts';
import { Secret } from '../config/secret.ts';
import { PipelineError } from '../errors.ts';
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
}

/** Gives the access token of an `oauth2_client_credentials`. */
export type TokenSource = (auth: OAuthConfig) => Promise<string>;
export type OAuthConfig = Extract<AuthConfig, { type: 'oauth2_client_credentials' }>;

/** What `auth` sends to `home`. Throws SecretMissing. */
export async function credentialOf(auth: AuthConfig, home: URL, token: TokenSource): Promise<Credential> {
  switch (auth.type) {
    case 'api_key': {
      const place = auth.location === 'header' ? 'header' : 'query';
      return { home, place, name: auth.name, value: auth.api_key.reveal(), origin: auth.api_key.origin };
    }
    case 'bearer':
      return authorization(home, `Bearer ${auth.token.reveal()}`, auth.token);
    case 'http_basic':
      return authorization(home, basic(auth.username, auth.password), auth.password);
    case 'oauth2_client_credentials':
      return authorization(home, `Bearer ${await token(auth)}`, auth.client_secret);
  }
}

/** `Basic …` of RFC 7617. */
function basic(username: string, password: Secret): string {
  return `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`;
}

export function headerCredential(home: URL, name: string, value: string | Secret): Credential {
  const isSecret = value instanceof Secret;
  return {
    home,
    place: 'header',
    name,
    value: isSecret ? value.reveal() : value,
    origin: isSecret ? value.origin : undefined,
  };
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
  for (const { place, name, value, origin } of credentials) {
    // `set`, because a `next` link may repeat the key, masked.
    if (place === 'query') target.url.searchParams.set(name, value);
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
      message: `The header \`${name}\` cannot be sent: its name or value holds characters that are not allowed there`,
      hint: `Look for line breaks and letters outside Latin-1 in ${origin ?? 'the configuration'}.`,
      facts: { header: name, origin },
    });
  }
}

// --- internal ---

function authorization(home: URL, value: string, secret: Secret): Credential {
  return { home, place: 'header', name: 'Authorization', value, origin: secret.origin };
}
