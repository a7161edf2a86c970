import type { ClientConfig } from '../config/client-schema.ts';
import type { EndpointConfig } from '../config/resource-schema.ts';
import { Secret } from '../config/secret.ts';
import { PipelineError } from '../errors.ts';
import { version } from '../version.ts';
import { type Credential, credentialOf, headerCredential, setHeader, type TokenSource } from './auth.ts';
import type { Step } from './paginators/paginator.ts';
import type { SecretMask } from './secret-mask.ts';
import { fillPath, joinUrl, type PlainParam, placeholders, type Values, withParams } from './url.ts';

/** An endpoint whose path and method are settled. */
export interface Endpoint extends Omit<EndpointConfig, 'fallbacks'> {
  readonly path: string;
  readonly method: 'GET' | 'POST';
}

/** A request without its credentials: safe to show once its URL is masked. */
export interface PlannedRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Headers;
  readonly body?: string | undefined;
  /** Milliseconds. */
  readonly timeout: number;
  readonly credentials: readonly Credential[];
}

export interface RequestMakings {
  readonly endpoint: Endpoint;
  readonly client?: ClientConfig | undefined;
  /** Of the `values` parameters. */
  readonly values: Values;
  readonly token: TokenSource;
  readonly mask: SecretMask;
}

const DEFAULT_TIMEOUT = 60_000;

/** The request for one page. Throws ConfigInvalid, SecretMissing. */
export async function planRequest(makings: RequestMakings, step: Step): Promise<PlannedRequest> {
  const { endpoint, client, values } = makings;
  const own = endpointUrl(endpoint, client, values, step);
  const url = step.url === undefined ? own : new URL(step.url, own);
  const { headers, credentials } = await headersFor(makings, own);
  const { body, contentType } = bodyOf(endpoint, step);
  if (contentType !== undefined && !headers.has('content-type')) headers.set('content-type', contentType);
  return {
    method: endpoint.method,
    url,
    headers,
    body,
    timeout: endpoint.timeout ?? client?.timeout ?? DEFAULT_TIMEOUT,
    credentials,
  };
}

/** The `endpoint` of a resource and its fallbacks, each with what it inherits, in the order of trying. */
export function candidates({ fallbacks = [], ...own }: EndpointConfig & Endpoint): readonly Endpoint[] {
  const inherit = (fallback: Partial<EndpointConfig>): Endpoint => ({
    ...own,
    ...definedOf(fallback),
    path: fallback.path ?? own.path,
    method: fallback.method ?? own.method,
  });
  return [own, ...fallbacks.map(inherit)];
}

// --- internal ---

function endpointUrl(
  { path, params = {} }: Endpoint,
  client: ClientConfig | undefined,
  values: Values,
  step: Step,
): URL {
  const inPath = new Set(placeholders(path));
  const query: Record<string, PlainParam> = {};
  const bound: Record<string, string | number> = {};
  for (const [name, param] of Object.entries(params)) {
    const value = isValuesParam(param) ? values[name] : param;
    if (value === undefined) continue;
    if (!inPath.has(name)) query[name] = value;
    else if (typeof value === 'string' || typeof value === 'number') bound[name] = value;
  }
  return withParams(joinUrl(client?.base_url, fillPath(path, bound)), { ...query, ...step.params });
}

function isValuesParam(param: unknown): param is { type: 'values' } {
  return typeof param === 'object' && param !== null && !Array.isArray(param);
}

/** Ordinary headers go to every host; whatever looks like a credential only to the host that it was written for. */
async function headersFor({ endpoint, client, token, mask }: RequestMakings, own: URL) {
  const headers = new Headers({ accept: 'application/json', 'user-agent': `dezgo-elt/${version}` });
  const credentials: Credential[] = [];
  const base = client === undefined ? own : new URL(client.base_url);
  const written = [
    ...Object.entries(client?.headers ?? {}).map(([name, value]) => ({ name, value, home: base })),
    ...Object.entries(endpoint.headers ?? {}).map(([name, value]) => ({ name, value, home: own })),
  ];
  for (const { name, value, home } of written) {
    if (value instanceof Secret || isSensitive(name) || mask.text(value) !== value) {
      credentials.push(headerCredential(home, name, value));
    } else {
      setHeader(headers, name, value);
    }
  }
  const auth = endpoint.auth ?? client?.auth;
  if (auth !== undefined) {
    const credential = await credentialOf(auth, endpoint.auth === undefined ? base : own, token);
    credentials.push(credential);
    if (auth.type === 'http_basic') mask.add(credential.value.replace('Basic ', ''));
  }
  return { headers, credentials };
}

function isSensitive(header: string): boolean {
  return /authorization|cookie|key|token|secret|password/i.test(header);
}

function bodyOf(endpoint: Endpoint, step: Step): { body?: string; contentType?: string } {
  const { method, json, data, path } = endpoint;
  const hasJson = json !== undefined || step.body !== undefined;
  if (!hasJson && data === undefined) return {};
  if (method !== 'POST') throw invalid(`The endpoint \`${path}\` has a request body, but its method is ${method}`);
  if (hasJson && data !== undefined) throw invalid(`The endpoint \`${path}\` has both \`json\` and \`data\``);
  if (hasJson)
    return { body: JSON.stringify(withBodyParams(json ?? {}, step.body ?? {})), contentType: 'application/json' };
  if (typeof data === 'string') return { body: data };
  return {
    body: withParams(new URL('http://form'), data ?? {}).search.slice(1),
    contentType: 'application/x-www-form-urlencoded',
  };
}

/** Sets `{ 'page.cursor': 'x' }` as `page: { cursor: 'x' }` in a copy of the body. */
function withBodyParams(json: unknown, params: Readonly<Record<string, unknown>>): unknown {
  const copy: unknown = structuredClone(json);
  for (const [path, value] of Object.entries(params)) {
    const names = path.replace(/^\$\./, '').split('.');
    const last = names.pop() ?? path;
    let place = copy;
    for (const name of names) {
      if (!isObject(place)) break;
      place[name] ??= {};
      place = place[name];
    }
    if (!isObject(place)) throw invalid(`The request body has no place for \`${path}\`, which the paginator sets`);
    place[last] = value;
  }
  return copy;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function invalid(message: string): PipelineError {
  return new PipelineError({ code: 'ConfigInvalid', message, hint: 'Correct the endpoint in the configuration.' });
}

function definedOf<T extends object>(object: T): T {
  const result = { ...object };
  for (const key of Object.keys(result)) {
    if (Reflect.get(result, key) === undefined) Reflect.deleteProperty(result, key);
  }
  return result;
}
