import type { HttpProxy } from './proxy.ts';

/** As much of `fetch` as a transport needs. */
export type Fetch = (url: string, init: FetchOptions) => Promise<FetchReply>;

interface FetchOptions {
  readonly method: string;
  readonly headers: Headers;
  readonly body: Buffer | null;
  readonly redirect: 'manual';
  readonly signal: AbortSignal;
  /** On a connection of its own. */
  readonly isOnce: boolean;
}

export interface FetchReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AsyncIterable<Uint8Array> | null;
}

const fetches = new Map<string, Promise<Fetch>>();

/** `fetch` of undici, for what Node's HTTP client cannot do by itself: go through a proxy. Loaded when it is needed. */
export function undiciFetch(proxy: HttpProxy): Promise<Fetch> {
  const key = JSON.stringify(proxy);
  const known = fetches.get(key) ?? open(proxy);
  fetches.set(key, known);
  return known;
}

// --- internal ---

async function open(proxy: HttpProxy): Promise<Fetch> {
  const { EnvHttpProxyAgent, fetch } = await import('undici');
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: proxy.url,
    httpsProxy: proxy.url,
    noProxy: proxy.except,
    ...(proxy.authorization !== undefined && { token: proxy.authorization }),
    // A proxy need not let CONNECT through to a port for plain http.
    proxyTunnel: false,
    // The transport has a time limit of its own.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return async (url, { headers, isOnce: _, ...init }) => {
    const reply = await fetch(url, { ...init, headers: [...headers], dispatcher });
    return { status: reply.status, headers: new Headers([...reply.headers]), body: reply.body };
  };
}
