import { createHash } from 'node:crypto';
import type { KnownReply } from '../../package/known-reply.ts';
import type { Answer } from './exchange.ts';
import type { PlannedRequest } from './request.ts';
import type { SecretMask } from './secret-mask.ts';

/** What is remembered of a reply that came whole. */
export function knownReply(
  answer: Answer,
  mask: SecretMask,
  how: Pick<KnownReply, 'exactNumbers' | 'receivedAt'>,
): KnownReply {
  const { url, status, headers, body, file } = answer;
  const read = ['content-type', 'content-disposition'].map((name) => headers.get(name));
  const etag = validator(headers.get('etag'), mask);
  const lastModified = validator(headers.get('last-modified'), mask);
  return {
    hash: createHash('sha256')
      .update(JSON.stringify([url.href, status, ...read]))
      .update(file?.sha256 ?? body)
      .digest('hex'),
    url: hashOf(url),
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
    ...how,
  };
}

/**
 * Sends a request so that the source need not answer what is known. A reply that `isKnown` has no body. One whose headers may say
 * that a list goes on now is asked for again as a whole, as is one that a condition failed.
 */
export async function exchangeIfChanged(
  request: PlannedRequest,
  known: KnownReply | undefined,
  now: number,
  send: (request: PlannedRequest) => Promise<Answer>,
): Promise<Answer> {
  const conditions = known === undefined ? [] : conditionsFor(request, known, now);
  if (conditions.length === 0) return send(request);
  const headers = new Headers(request.headers);
  for (const [name, value] of conditions) headers.set(name, value);
  const answer = await send({ ...request, headers });
  if (answer.status === 304 && !answer.headers.has('link')) return { ...answer, isKnown: true };
  return answer.status === 304 || answer.status === 412 ? send(request) : answer;
}

// --- internal ---

/** A source that wrongly says for ever that nothing is new is asked for the whole so often: milliseconds. */
const LONGEST_TRUST = 7 * 24 * 3_600_000;
const LONGEST_VALIDATOR = 1_000;
/** Where the configuration has one of its own, it asks for what it says. */
const ownConditions = ['if-none-match', 'if-modified-since', 'if-match', 'if-unmodified-since', 'if-range', 'range'];

function conditionsFor(request: PlannedRequest, known: KnownReply, now: number): [name: string, value: string][] {
  const age = now - known.receivedAt;
  const isOther = request.method !== 'GET' || hashOf(request.url) !== known.url;
  if (isOther || age < 0 || age > LONGEST_TRUST || ownConditions.some((name) => sends(request, name))) return [];
  return [
    ...(known.etag === undefined ? [] : [['if-none-match', known.etag] satisfies [string, string]]),
    ...(known.lastModified === undefined ? [] : [['if-modified-since', known.lastModified] satisfies [string, string]]),
  ];
}

function sends({ headers, credentials }: PlannedRequest, header: string): boolean {
  return (
    headers.has(header) || credentials.some(({ place, name }) => place === 'header' && name.toLowerCase() === header)
  );
}

/** What is harmless to keep and to send; undefined for any other. */
function validator(value: string | null, mask: SecretMask): string | undefined {
  if (value === null || !/^[\x20-\x7e]+$/.test(value) || value.length > LONGEST_VALIDATOR) return undefined;
  return mask.text(value) === value ? value : undefined;
}

function hashOf({ href }: URL): string {
  return createHash('sha256').update(href).digest('hex');
}
