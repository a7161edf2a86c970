import type { ResponseAction } from '../../config/grammar/response-action-schema.ts';
import { PipelineError } from '../../errors.ts';
import type { Retry } from '../../findings.ts';
import { interruption, throwIfInterrupted } from '../interruption.ts';
import type { ReplyFacts } from '../page.ts';
import { type Credential, credentialsFor, withCredentials } from './auth.ts';
import { MaskedHeaders } from './masked-headers.ts';
import { NetworkFailure } from './network-failure.ts';
import { noAnswer } from './no-answer.ts';
import type { PlannedRequest } from './request.ts';
import { requestName } from './request-name.ts';
import { withRetries } from './retry.ts';
import { isRefusal, quotaReset, retryAfter } from './retry-after.ts';
import type { SecretMask } from './secret-mask.ts';
import type { Session } from './session.ts';
import { tellingWhileSlow } from './slow-reply.ts';
import { type Reply, ReplyTooLarge } from './transport.ts';
import { holdsUser, isSameHome } from './url.ts';

/** What came back, whatever its status. */
export interface Answer extends Reply {
  /** Of the last hop, without credentials. */
  readonly url: URL;
  readonly attempts: number;
  /** The credentials that the last hop carried. */
  readonly sent: readonly Credential[];
  /** `GET /models?page=2`, for messages. */
  readonly request: string;
  readonly facts: ReplyFacts;
  /** The source says that it is the reply that is known, and sends none: see `exchangeIfChanged`. */
  readonly isKnown?: boolean;
}

const MOST_REDIRECTS = 10;
const redirects = new Set([301, 302, 303, 307, 308]);

/**
 * Sends a request with its credentials, retries and redirects, and tells the session's trace of it. `ruleFor` is what the
 * configuration says of a reply, before its status does. Throws SourceUnavailable, ReplyUnusable, Interrupted.
 */
export async function exchange(
  request: PlannedRequest,
  session: Session,
  ruleFor: (reply: Reply) => ResponseAction | undefined,
): Promise<Answer> {
  throwIfInterrupted(session.signal);
  const { effects, signal, mask, traffic, places } = session;
  const { host } = request.url;
  const turn = traffic.turn();
  const name = requestName(request.method, request.url, mask);
  /** When it first went out: before that it waits for others, or for the time that its host wants. */
  let sentAt: number | undefined;
  const onSend = () => {
    sentAt ??= effects.now();
  };
  const { repeat } = request;
  const retries: Retry[] = [];
  let attempts = 0;
  const onSlow = (milliseconds: number) => session.onWaiting({ kind: 'slow', request: name.short, milliseconds });
  const onPause = (milliseconds: number) =>
    session.onWaiting({ kind: 'pause', request: name.short, host: mask.text(host), milliseconds });
  let waiting: { readonly retry: Retry; readonly since: number } | undefined;
  const onRetry = (retry: Retry, most: number) => {
    retries.push(retry);
    waiting = { retry, since: effects.now() };
    session.onWaiting({ kind: 'retry', request: name.short, attempts: most, ...retry });
  };
  const send = (planned: PlannedRequest) => {
    const attempt = async () => {
      await places.take(turn, signal);
      attempts += 1;
      waiting = undefined;
      return follow(planned, session, { turn, onSend, onSlow, onPause }).finally(() => places.leave());
    };
    const pause = (milliseconds: number) => traffic.pause(host, milliseconds);
    return withRetries(attempt, { ...session.retry, effects, signal, repeat, ruleFor, onRetry, pause });
  };
  const trace = (reply?: Reply) => {
    const startedAt = sentAt ?? effects.now();
    const traced = {
      resource: session.resource,
      method: request.method,
      url: name.url,
      status: reply?.status ?? null,
      attempts,
      milliseconds: effects.now() - startedAt,
      bytes: reply?.file?.bytes ?? reply?.body.length ?? 0,
      ...(retries.length === 0 ? {} : { retries }),
    };
    session.findings.request(traced);
    return { ...traced, startedAt };
  };
  try {
    const first = await send(request);
    const renewed =
      first.status === 401 && ruleFor(first) === undefined ? await withRenewed(request, first.sent) : null;
    const hop = renewed === null ? first : await send(renewed);
    const headers = new MaskedHeaders(hop.headers, mask);
    const facts = { ...trace(hop), status: hop.status, headers };
    return { ...hop, attempts, request: name.short, facts };
  } catch (error) {
    // What goes wrong with a request that is not cancelled is its own failure.
    if (signal.aborted && (repeat === 'always' || error === signal.reason)) {
      const stopped = interruption(signal);
      if (waiting !== undefined) retries.splice(-1, 1, { ...waiting.retry, wait: effects.now() - waiting.since });
      // Not what never went out, nor what was asked for ahead and is given up because nobody needs it.
      if (sentAt !== undefined && stopped === signal.reason) trace();
      throw stopped;
    }
    trace();
    throw asPipelineError(error, name.full, attempts, mask);
  }
}

// --- internal ---

interface Hop extends Reply {
  readonly url: URL;
  readonly sent: readonly Credential[];
}

/** The request with new credentials in place of those that can be renewed; null if none of them can. */
async function withRenewed(request: PlannedRequest, refused: readonly Credential[]): Promise<PlannedRequest | null> {
  if (!refused.some(({ renew }) => renew !== undefined)) return null;
  const credentials = await Promise.all(request.credentials.map((credential) => credential.renew?.() ?? credential));
  return { ...request, credentials };
}

/** By hand, because fetch would carry an API key's header to whichever host a redirect names. */
async function follow(
  request: PlannedRequest,
  session: Session,
  { turn, onSend, onSlow, onPause }: Telling & { readonly turn: number },
): Promise<Hop> {
  const { transport, maxBytes, signal, traffic, effects, rate } = session;
  let { url, method, body, headers }: { url: URL; method: string; body?: PlannedRequest['body']; headers: Headers } =
    request;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
    const sent = credentialsFor(url, request.credentials);
    const target = withCredentials(url, headers, sent);
    const isOnce = request.repeat !== 'always' && method === request.method;
    const hop = {
      method,
      url: target.url.href,
      headers: target.headers,
      body,
      timeout: request.timeout,
      maxBytes,
      fileFor: request.fileFor,
      isOnce,
      // What has been started may be paid for: its reply is waited for even when the run is told to stop.
      signal: isOnce ? undefined : signal,
    };
    const { host } = url;
    const asked = async () => {
      const begunAt = effects.now();
      onSend();
      const heard = await tellingWhileSlow(transport(hop), onSlow);
      hear(heard, { host, begunAt }, session);
      return heard;
    };
    const reply = await traffic.send(host, signal, asked, { turn, rate, onPause });
    const location = redirects.has(reply.status) ? reply.headers.get('location') : null;
    if (location === null) return { ...reply, url, sent };
    if (!URL.canParse(location, url.href)) throw new BadRedirect('leads to something that is no URL');
    const from = url;
    url = new URL(location, url);
    if (!/^https?:$/.test(url.protocol)) throw new BadRedirect(`leads to the protocol \`${url.protocol}\``);
    if (holdsUser(url)) throw new BadRedirect('leads to an address with a user name or password in it');
    if (reply.status === 303 || (method === 'POST' && reply.status < 303)) {
      method = 'GET';
      body = undefined;
      headers = new Headers(headers);
      headers.delete('content-type');
    }
    // A body may hold what only the first host should see.
    if (body !== undefined && !isSameHome(from, url)) throw new BadRedirect(`leads to another host, ${url.host}`);
  }
  throw new BadRedirect(`was followed ${MOST_REDIRECTS} times without an end`);
}

interface Telling {
  readonly onSend: () => void;
  readonly onSlow: (milliseconds: number) => void;
  readonly onPause: (milliseconds: number) => void;
}

/** What a reply says to all who ask its host: that there were too many, or that it has nothing left for some time. */
function hear(
  reply: Reply,
  { host, begunAt }: { readonly host: string; readonly begunAt: number },
  { traffic, effects, retry }: Session,
): void {
  const now = effects.now();
  if (isRefusal(reply)) traffic.refused(host, begunAt);
  const wait = isRefusal(reply) ? retryAfter(reply, now) : quotaReset(reply, now);
  if (wait !== null && wait > 0 && wait <= retry.max_delay) traffic.pause(host, wait, isRefusal(reply));
}

class BadRedirect extends Error {}

function asPipelineError(error: unknown, request: string, attempts: number, mask: SecretMask): unknown {
  const facts = { request, attempts };
  if (error instanceof BadRedirect) {
    return new PipelineError({
      code: 'ReplyUnusable',
      message: `A redirect of ${request} ${mask.quote(error.message, 300)}`,
      hint: 'Check `base_url` and `path`, or `access_token_url`; write the final address there.',
      facts,
    });
  }
  if (error instanceof ReplyTooLarge) {
    return new PipelineError({
      code: 'ReplyUnusable',
      message: `The reply to ${request} is larger than ${error.limit} bytes, the limit set by \`max_response_bytes\`.`,
      hint: 'Ask for smaller pages, or raise `source.client.max_response_bytes`.',
      facts: { ...facts, limit: error.limit },
    });
  }
  return error instanceof NetworkFailure ? noAnswer(error, request, attempts, mask) : error;
}
