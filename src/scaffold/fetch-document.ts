import type { Transport } from '../effects.ts';
import { PipelineError } from '../errors.ts';
import { NetworkFailure } from '../extract/http/network-failure.ts';
import { ReplyTooLarge } from '../extract/http/transport.ts';
import { readText } from '../files/read-text.ts';
import { reasonOf } from '../files/reason.ts';
import { printable } from '../text/printable.ts';
import { LARGEST_DOCUMENT } from './parse-document.ts';

export interface DocumentText {
  readonly text: string;
  /** Where it was in the end, if from the web. */
  readonly origin?: string;
}

/**
 * A document of the web, behind redirects. Nobody signs in, and nothing that it names is fetched.
 *
 * @throws PipelineError SourceUnavailable, SourceRefused; UsageInvalid: an address that is none, more than 20 MB, no text
 */
export async function fetchedDocument(
  address: string,
  transport: Transport,
  signal: AbortSignal,
): Promise<DocumentText> {
  let url = addressOf(address, address);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const { status, headers, body } = await asked(url, transport, signal);
    const next = headers.get('location');
    if (status >= 300 && status < 400 && next !== null) {
      const target = addressOf(new URL(next, url).href, address);
      if (url.protocol === 'https:' && target.protocol === 'http:')
        throw wrongAddress(address, 'it leads on to an address without encryption');
      url = target;
    } else if (status === 200) return { text: decoded(body, address), origin: url.href };
    else throw refused(url, status);
  }
  throw wrongAddress(address, `it leads on more than ${MOST_REDIRECTS} times`);
}

/** @throws PipelineError UsageInvalid: it is not there, unreadable, no text, or more than 20 MB */
export async function readDocument(path: string, shown: string): Promise<DocumentText> {
  try {
    return { text: await readText(path, LARGEST_DOCUMENT) };
  } catch (cause) {
    throw new PipelineError({
      code: 'UsageInvalid',
      message: `The OpenAPI document ${printable(shown)} cannot be read: ${reasonOf(cause)}.`,
      hint: 'Name a file, or an address that begins with https://.',
      facts: { path },
      cause,
    });
  }
}

// --- internal ---

const MOST_REDIRECTS = 5;
/** Milliseconds, for each exchange. */
const TIMEOUT = 60_000;

function addressOf(text: string, given: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw wrongAddress(given, `${printable(text)} is no address of the web`);
  if (url.username !== '' || url.password !== '')
    throw wrongAddress(shownAddress(url), 'it holds a user name or password');
  return url;
}

async function asked(url: URL, transport: Transport, signal: AbortSignal) {
  const headers = new Headers({ accept: 'application/json, application/yaml, text/yaml, */*;q=0.5' });
  try {
    return await transport({
      method: 'GET',
      url: url.href,
      headers,
      timeout: TIMEOUT,
      maxBytes: LARGEST_DOCUMENT,
      signal,
    });
  } catch (cause) {
    if (cause instanceof ReplyTooLarge)
      throw wrongAddress(shownAddress(url), `it is larger than ${LARGEST_DOCUMENT / 1_000_000} MB`);
    if (!(cause instanceof NetworkFailure)) throw cause;
    throw new PipelineError({
      code: 'SourceUnavailable',
      message: `GET ${shownAddress(url)} failed: ${printable(cause.message)}.`,
      hint: 'Try again later, or download the document and name the file.',
      facts: { url: shownAddress(url) },
      cause,
    });
  }
}

function decoded(body: Uint8Array, address: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw wrongAddress(address, 'it is not text in UTF-8', cause);
  }
}

function refused(url: URL, status: number): PipelineError {
  const isRefused = status === 401 || status === 403;
  return new PipelineError({
    code: isRefused ? 'SourceRefused' : 'SourceUnavailable',
    message: `GET ${shownAddress(url)} answered ${status}.`,
    hint: isRefused
      ? 'Download the document, and name the file.'
      : 'Look at the address in a browser, or download the document and name the file.',
    facts: { url: shownAddress(url), status },
  });
}

/** Without what may be a key. */
function shownAddress(url: URL): string {
  return printable(`${url.origin}${url.pathname}`);
}

function wrongAddress(address: string, why: string, cause?: unknown): PipelineError {
  const shown = printable(address.split(/[?#]/)[0] ?? '');
  return new PipelineError({
    code: 'UsageInvalid',
    message: `The OpenAPI document at ${shown} is not taken: ${why}.`,
    hint: 'Name another address, or a file.',
    cause,
  });
}
