import { PipelineError } from '../../errors.ts';

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
  const { variable, text } = settingFor(url.startsWith('https:') ? 'https_proxy' : 'http_proxy', env);
  if (text === '' || except === '*') return undefined;
  const address = addressOf(text);
  if (address === undefined) throw noProxy(variable);
  return {
    url: address.origin,
    authorization: basicAuthorization(address),
    except: [except, 'localhost', '127.0.0.1', '[::1]'].join(','),
    variable,
  };
}

/** What of the environment's proxies must not be seen. */
export function proxySecrets(env: Environment): string[] {
  const addresses = ['https_proxy', 'http_proxy'].map((name) => addressOf(settingFor(name, env).text));
  return addresses.flatMap((address) => (address === undefined ? [] : (basicAuthorization(address) ?? [])));
}

// --- internal ---

function settingFor(name: string, env: Environment): { variable: string; text: string } {
  const variable = env[name] ? name : name.toUpperCase();
  return { variable, text: (env[variable] ?? '').trim() };
}

function addressOf(text: string): URL | undefined {
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return /^https?:$/.test(url.protocol) ? url : undefined;
}

/** The value is not shown: it may hold a password. */
function noProxy(variable: string): PipelineError {
  return new PipelineError({
    code: 'ConfigInvalid',
    message: `The environment variable ${variable} holds no address of an HTTP proxy.`,
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
