import { PipelineError } from '../errors.ts';

/** The proxy that the environment names for a kind of URL. */
export interface HttpProxy {
  /** Without user name and password. */
  readonly url: string;
  /** `Basic …`, for the proxy alone. */
  readonly authorization: string | undefined;
  /** Hosts that are asked directly, as `NO_PROXY` lists them. */
  readonly except: string;
  /** Where it was named, such as `HTTPS_PROXY`. */
  readonly variable: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for a URL, as curl reads the environment: `HTTPS_PROXY` for https, `HTTP_PROXY` for http, `NO_PROXY` for what goes
 * without, each also in lower case, which comes first. This machine itself is always asked directly. Throws ConfigInvalid.
 */
export function proxyFor(url: string, env: Environment): HttpProxy | undefined {
  const except = (env.no_proxy || env.NO_PROXY || '').trim();
  const name = url.startsWith('https:') ? 'https_proxy' : 'http_proxy';
  const variable = env[name] ? name : name.toUpperCase();
  const text = (env[variable] ?? '').trim();
  if (text === '' || except === '*') return undefined;
  const address = proxyUrl(text, variable);
  return {
    url: address.origin,
    authorization: basicAuthorization(address),
    except: [except, 'localhost', '127.0.0.1', '[::1]'].join(','),
    variable,
  };
}

/** What of the environment's proxies must not be seen: passwords, and user names that stand alone. */
export function proxySecrets(env: Environment): string[] {
  return ['http://', 'https://'].flatMap((kind) => {
    const { authorization } = proxyFor(kind, { ...env, no_proxy: '', NO_PROXY: '' }) ?? {};
    return authorization === undefined ? [] : [authorization];
  });
}

// --- internal ---

/** The value is not shown: it may hold a password. */
function proxyUrl(text: string, variable: string): URL {
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return new URL(address);
  throw new PipelineError({
    code: 'ConfigInvalid',
    message: `The environment variable ${variable} holds no address of an HTTP proxy`,
    hint: 'Write it like `http://proxy.example.com:3128`, or unset it.',
    facts: { variable },
  });
}

/** `Basic …` of RFC 7617, from the user name and password of a URL. */
function basicAuthorization({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  return `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')}`;
}

/** A password with a bare `%` is taken as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
