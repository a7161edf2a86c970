import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Why a request is not answered. */
export interface Refusal {
  readonly status: 403 | 404 | 405;
  readonly message: string;
}

/** Of an address: what stands behind the token, and what is asked for there. */
export interface Asked {
  /** Such as `runs.json`; empty for the page itself. */
  readonly name: string;
  readonly query: URLSearchParams;
}

/**
 * What a request asks for, or why it gets nothing. Whoever answers has made sure that it comes from the page itself, from the address
 * bar or from a program that knows the token:
 *
 * - `Host` is a loopback name, whatever the port (a tunnel has another one): a name that somebody else's DNS leads here is refused.
 * - `Origin` and `Sec-Fetch-Site`, which a browser sends, are those of the page: a page of another site, or of another port, is refused.
 * - The token is the first part of the path. A cookie would be sent to every server on this host.
 */
export function askedBy(request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>, token: string): Asked | Refusal {
  const { method, url = '', headers } = request;
  if (!isLoopback(headers.host)) return refused('this name is not one of this machine');
  const { origin, 'sec-fetch-site': site } = headers;
  if (origin !== undefined && origin !== `http://${headers.host}`)
    return refused('the request comes from another page');
  if (typeof site === 'string' && site !== 'same-origin' && site !== 'none')
    return refused('the request comes from another page');
  const [, given = '', name = '', query = ''] = /^\/([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?/.exec(url) ?? [];
  if (!isSame(given, token)) return refused('its address holds no valid token');
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, message: 'Only GET is answered here.' };
  return { name, query: new URLSearchParams(query) };
}

// --- internal ---

function refused(why: string): Refusal {
  return {
    status: 403,
    message: `Refused: ${why}. Open the address that \`dezgo-elt show\` printed, by pasting it into the address bar.`,
  };
}

function isLoopback(host: string | undefined): boolean {
  return /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i.test(host ?? '');
}

/** In a time that does not tell where they differ. */
function isSame(given: string, token: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}
