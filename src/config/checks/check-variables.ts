import { nearest } from '../../text/nearest.ts';
import { filledText } from '../../text/placeholders.ts';
import type { Path } from '../file/located-tree.ts';
import type { AuthConfig } from '../grammar/auth-schema.ts';
import type { ClientConfig } from '../grammar/client-schema.ts';
import { holdsUser } from '../grammar/http-url.ts';
import { Secret } from '../secret.ts';
import { secretIn, shownText, variablesIn, variableValues } from '../variables.ts';
import { below, type Finding } from './finding.ts';

/** Placeholders of variables that the client does not have, in these members of a part. */
export function checkVariables(part: object, members: readonly string[], client: ClientConfig | undefined): Finding[] {
  const known = Object.keys(client?.variables ?? {});
  return members.flatMap((member) => unknownIn(Reflect.get(part, member), [member], known));
}

/** The texts of an authentication that can hold variables. */
const ofAuth = ['username', 'client_id', 'access_token_url', 'access_token_request_data'];

/** The same in an authentication. */
export function checkAuthVariables(auth: AuthConfig | 'none' | undefined, client: ClientConfig | undefined): Finding[] {
  return typeof auth === 'object' ? below(['auth'], checkVariables(auth, ofAuth, client)) : [];
}

/** What `base_url` is with its variables. */
export function checkBaseUrl(client: ClientConfig): Finding[] {
  const { base_url } = client;
  if (variablesIn(base_url).size === 0 || checkVariables(client, ['base_url'], client).length > 0) return [];
  const secret = secretIn(base_url, client);
  if (secret?.isMissing === true) return [];
  const url = filledText(base_url, variableValues(client, base_url));
  if (/^https?:\/\//i.test(url) && URL.canParse(url) && !holdsUser(url)) return [];
  const shown = secret === undefined ? `\`${shownText(base_url, client)}\`` : 'what it becomes';
  const message = `expected a URL such as \`https://api.example.com/\` with the variables filled in, and ${shown} is none`;
  return [{ path: ['base_url'], message }];
}

// --- internal ---

function unknownIn(value: unknown, at: Path, known: readonly string[]): Finding[] {
  if (typeof value === 'string') {
    const unknown = [...variablesIn(value)].find((name) => !known.includes(name));
    return unknown === undefined ? [] : [{ path: at, message: noVariable(unknown, known) }];
  }
  if (typeof value !== 'object' || value === null || value instanceof Secret) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    unknownIn(member, [...at, Array.isArray(value) ? Number(key) : key], known),
  );
}

function noVariable(name: string, known: readonly string[]): string {
  const close = nearest(name, known);
  const advice =
    close === undefined ? `add \`source.client.variables: { ${name}: … }\`` : `did you mean \`{variables.${close}}\`?`;
  return `\`{variables.${name}}\`: there is no such variable, ${advice}`;
}
