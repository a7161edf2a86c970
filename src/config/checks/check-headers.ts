import type { AuthConfig } from '../grammar/auth-schema.ts';
import type { Finding } from './finding.ts';

/** What of the headers and the authentication of a client or an endpoint no request can hold. */
export function checkHeaders({
  headers = {},
  auth,
}: {
  readonly headers?: object | undefined;
  readonly auth?: AuthConfig | 'none' | undefined;
} = {}): Finding[] {
  const written = Object.entries(headers).flatMap(([name, value]: [string, unknown]) =>
    canSend(name, typeof value === 'string' ? value : '') ? [] : [{ path: ['headers', name], message: impossible }],
  );
  if (typeof auth !== 'object' || auth.type !== 'api_key' || auth.location !== 'header') return written;
  return canSend(auth.name, '') ? written : [...written, { path: ['auth', 'name'], message: impossible }];
}

// --- internal ---

const impossible = 'cannot be sent: a header holds no line breaks and no letters outside Latin-1, its name no blanks';

/** The value of a secret is not looked at: it is told of when it is sent. */
function canSend(name: string, value: string): boolean {
  try {
    return new Headers([[name, value]]).has(name);
  } catch {
    return false;
  }
}
