import type { Path } from './file/located-tree.ts';
import type { AuthConfig } from './grammar/auth-schema.ts';
import type { ConfigFile } from './grammar/config-schema.ts';
import { Secret } from './secret.ts';

type Requests = Pick<ConfigFile['source'], 'client' | 'resources'>;
type Auth = AuthConfig | 'none';

/**
 * Client and resources whose authentications have their paths, and are one object where they are the same: they share a token.
 * `absolute` is told where in the source a path stands.
 */
export function withSettledAuths(
  { client, resources }: Requests,
  absolute: (path: string, ...keys: Path) => string,
): Requests {
  const known = new Map<string, AuthConfig>();
  return {
    ...(client !== undefined && { client: settled(client, ['client']) }),
    resources: resources.map(({ endpoint, ...resource }, index) => {
      if (endpoint === undefined) return resource;
      const at = ['resources', index, 'endpoint'];
      const fallbacks = endpoint.fallbacks?.map((fallback, place) => settled(fallback, [...at, 'fallbacks', place]));
      return { ...resource, endpoint: { ...settled(endpoint, at), ...(fallbacks && { fallbacks }) } };
    }),
  };

  function settled<Part extends { readonly auth?: Auth | undefined }>(part: Part, at: Path): Part {
    const { auth } = part;
    if (auth === undefined || auth === 'none') return part;
    const complete = withPath(auth, (path) => absolute(path, ...at, 'auth', 'refresh_token_file'));
    const key = authKey(complete);
    const first = known.get(key) ?? complete;
    known.set(key, first);
    return { ...part, auth: first };
  }
}

/** The same for two that are the same, secrets included, and without showing them. */
export function authKey(auth: AuthConfig): string {
  return JSON.stringify(withPrints(auth));
}

// --- internal ---

function withPath(auth: AuthConfig, absolute: (path: string) => string): AuthConfig {
  if (auth.type !== 'oauth2_refresh_token' || auth.refresh_token_file === undefined) return auth;
  return { ...auth, refresh_token_file: absolute(auth.refresh_token_file) };
}

/** What tells secrets apart in place of them. */
function withPrints(value: unknown): unknown {
  if (value instanceof Secret) return value.isMissing ? value.missingError().message : value.fingerprint('auth');
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).map(([key, member]) => [key, withPrints(member)]);
}
