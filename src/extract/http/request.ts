import { clientDefaults } from '../../config/client-defaults.ts';
import type { ClientConfig } from '../../config/grammar/client-schema.ts';
import { baseUrlOf, secretIn, variableValues } from '../../config/variables.ts';
import { PipelineError } from '../../errors.ts';
import { filledText } from '../../text/placeholders.ts';
import { version } from '../../version.ts';
import { type Endpoint, isIdempotent } from '../endpoint.ts';
import type { Step } from '../paginators/paginator.ts';
import {
  type Credential,
  credentialOf,
  headerCredential,
  mayLeaveHome,
  queryCredential,
  setHeader,
  type TokenSource,
} from './auth.ts';
import { bodyOf, type RequestBody } from './request-body.ts';
import type { Repeat } from './retry.ts';
import type { SecretMask } from './secret-mask.ts';
import { sentParams } from './sent-params.ts';
import type { HttpRequest } from './transport.ts';
import { unmaskedLink } from './unmasked-link.ts';
import { fillPath, isSameHome, joinUrl, type Values, withParams } from './url.ts';

/** A request without its credentials: safe to show once its URL is masked. */
export interface PlannedRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Headers;
  readonly body?: RequestBody['body'];
  /** Milliseconds. */
  readonly timeout: number;
  readonly credentials: readonly Credential[];
  readonly repeat: Repeat;
  /** Where a reply that is a file is written. */
  readonly fileFor?: HttpRequest['fileFor'];
}

export interface RequestMakings {
  readonly endpoint: Endpoint;
  readonly client?: ClientConfig | undefined;
  /** What placeholders stand for. */
  readonly values: Values;
  readonly token: TokenSource;
  readonly mask: SecretMask;
}

/** JSON before anything else; without the rest, servers with another name for it (`application/vnd.…+json`) answer 406. */
const ACCEPT = 'application/json, */*;q=0.5';

/** The request for one page. Throws ConfigInvalid, SecretMissing. */
export async function planRequest(makings: RequestMakings, step: Step): Promise<PlannedRequest> {
  const { endpoint, client, mask } = makings;
  const values = { ...variableValues(client, [endpoint, client?.headers, client?.auth]), ...makings.values };
  const filled = { ...makings, values };
  const { url: own, secret } = endpointUrl(filled, step);
  const home = homeOf(endpoint, client) ?? own;
  const url = step.url === undefined ? own : new URL(unmaskedLink(step.url, own, mask), own);
  const { headers, credentials } = await headersFor(filled, home);
  // Parameters that hold a secret are credentials: they stay with the host that they were written for.
  const secrets = secret.map(({ name, value, origin }) => queryCredential(home, name, value, origin));
  const { body, contentType, isMultipart = false } = await bodyOf(endpoint, step, values);
  if (body !== undefined && !isSameHome(home, url) && holdsSecret(body, mask)) throw secretLeavesHome(endpoint, url);
  // Without the boundary nobody could read the parts.
  if (contentType !== undefined && (isMultipart || !headers.has('content-type')))
    headers.set('content-type', contentType);
  return {
    method: endpoint.method,
    url,
    headers,
    body,
    timeout: endpoint.timeout ?? (client ?? clientDefaults).timeout,
    credentials: [...secrets, ...credentials],
    repeat: endpoint.paid === true ? 'never' : isIdempotent(endpoint) ? 'always' : 'unless_executed',
  };
}

/** Its URL alone, without credentials. Throws SecretMissing. */
export function requestUrl(makings: Pick<RequestMakings, 'endpoint' | 'client' | 'values'>, step: Step): URL {
  const values = { ...variableValues(makings.client, [makings.endpoint]), ...makings.values };
  return endpointUrl({ ...makings, values }, step).url;
}

// --- internal ---

function endpointUrl({ endpoint, client, values }: Pick<RequestMakings, 'endpoint' | 'client' | 'values'>, step: Step) {
  const { inPath, query, secret } = sentParams(endpoint, values, client);
  const base = client && baseUrlOf(client);
  const url = withParams(joinUrl(base, fillPath(endpoint.path, inPath)), { ...query, ...step.params });
  return { url, secret };
}

/** Where what is written for the endpoint may go: a URL that a record gave is no place that somebody chose. */
function homeOf({ path }: Endpoint, client: ClientConfig | undefined): URL | undefined {
  const isGiven = path.startsWith('{') && !path.startsWith('{{') && !path.startsWith('{variables.');
  return isGiven && client !== undefined ? new URL(baseUrlOf(client)) : undefined;
}

function holdsSecret(body: string | Uint8Array, mask: SecretMask): boolean {
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
  return mask.text(text) !== text;
}

function secretLeavesHome({ path }: Endpoint, { host }: URL): PipelineError {
  return new PipelineError({
    code: 'ConfigInvalid',
    message: `The body for \`${path}\` holds a secret, and its URL is one of another host, ${host}.`,
    hint: 'Secrets are sent to the host of `base_url` only; write the other URL as `path` if it may have them.',
    facts: { path, host },
  });
}

/** Only what every site gets from a browser goes to every host; all other headers stay with the host they were written for. */
async function headersFor({ endpoint, client, values, token, mask }: RequestMakings, own: URL) {
  const headers = new Headers({ accept: ACCEPT, 'user-agent': `dezgo-elt/${version}` });
  const credentials: Credential[] = [];
  const base = client === undefined ? own : new URL(baseUrlOf(client));
  const written = [
    ...Object.entries(client?.headers ?? {}).map(([name, value]) => ({ name, value, home: base })),
    ...Object.entries(endpoint.headers ?? {}).map(([name, value]) => ({ name, value, home: own })),
  ];
  for (const { name, value, home } of written) {
    const secret = secretIn(value, client);
    const text = typeof value === 'string' ? filledText(value, values) : value.reveal();
    const isPlain = secret === undefined && mask.text(text) === text;
    if (isPlain && mayLeaveHome(name)) setHeader(headers, name, text);
    else credentials.push(headerCredential(home, name, text, secret));
  }
  const auth = endpoint.auth ?? client?.auth;
  if (auth !== undefined && auth !== 'none') {
    const credential = await credentialOf(auth, endpoint.auth === undefined ? base : own, token, values);
    credentials.push(credential);
    if (credential.isEncoded === true) mask.add(credential.value);
  }
  return { headers, credentials };
}
