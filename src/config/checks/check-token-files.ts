import type { AuthConfig } from '../grammar/auth-schema.ts';
import type { EndpointConfig } from '../grammar/resource-schema.ts';
import { authKey } from '../settled-auth.ts';
import type { CheckedParts } from './checked-parts.ts';
import { below, type Finding } from './finding.ts';

/** A file holds one refresh token: two kinds of credentials would overwrite that of each other. */
export function checkTokenFiles({ client, resources }: Pick<CheckedParts, 'client' | 'resources'>): Finding[] {
  const owners = new Map<string, string>();
  return [
    ...check(client?.auth, ['client', 'auth']),
    ...resources.flatMap(({ checked }, index) => checkEndpoint(checked?.endpoint, ['resources', index, 'endpoint'])),
  ];

  function checkEndpoint(endpoint: EndpointConfig | undefined, at: Finding['path']): Finding[] {
    const fallbacks = endpoint?.fallbacks ?? [];
    return [
      ...check(endpoint?.auth, [...at, 'auth']),
      ...fallbacks.flatMap(({ auth }, place) => check(auth, [...at, 'fallbacks', place, 'auth'])),
    ];
  }

  function check(auth: AuthConfig | 'none' | undefined, at: Finding['path']): Finding[] {
    if (typeof auth !== 'object' || auth.type !== 'oauth2_refresh_token') return [];
    const { refresh_token_file: file } = auth;
    if (file === undefined) return [];
    const owner = owners.get(file) ?? authKey(auth);
    owners.set(file, owner);
    if (owner === authKey(auth)) return [];
    const message = `\`${file}\` already keeps the refresh token of another \`auth\`: set another file`;
    return below(['source', ...at], [{ path: ['refresh_token_file'], message }]);
  }
}
