import { PipelineError } from '../../errors.ts';
import { decodeUtf8 } from '../reply/json-body.ts';
import { type OAuthConfig, textOf } from './auth.ts';
import { exchange } from './exchange.ts';
import { refusal } from './refusal.ts';
import { requestName } from './request-name.ts';
import type { Session } from './session.ts';

interface Token {
  readonly value: string;
  /** Milliseconds since 1970, some time before the token expires: it may do so on its way. */
  readonly freshUntil: number;
}

/** Tokens by configuration: the resources of a run share them. */
const tokens = new WeakMap<OAuthConfig, Promise<Token>>();

/**
 * An access token by the client credentials grant (RFC 6749, 4.4), kept until it is about to expire, or until it is `refused`.
 * Throws SourceRefused where the client is refused, ReplyUnusable for a reply without a token.
 */
export async function accessToken(auth: OAuthConfig, session: Session, refused?: string): Promise<string> {
  const asked = tokens.get(auth);
  const known = await asked?.catch((error: unknown) => {
    // Who asked was given up, but not this one.
    if (error instanceof PipelineError && error.code === 'Interrupted' && !session.signal.aborted) return undefined;
    throw error;
  });
  const isGood = known !== undefined && known.value !== refused && known.freshUntil > session.effects.now();
  if (!isGood && tokens.get(auth) !== asked) return accessToken(auth, session, refused); // another chain asks already
  const { value } = isGood ? known : await fresh();
  session.mask.add(value);
  return value;

  async function fresh(): Promise<Token> {
    const asked = ask(auth, session);
    tokens.set(auth, asked);
    try {
      return await asked;
    } catch (error) {
      tokens.delete(auth);
      throw error;
    }
  }
}

// --- internal ---

async function ask(auth: OAuthConfig, session: Session): Promise<Token> {
  const url = new URL(auth.access_token_url);
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  const { client_id, client_secret, access_token_request_data } = auth;
  for (const [name, value] of Object.entries({ client_id, client_secret, ...access_token_request_data }))
    form.set(name, textOf(value));
  const headers = new Headers({ accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' });
  const request = {
    method: 'POST' as const,
    url,
    headers,
    body: form.toString(),
    timeout: TOKEN_TIMEOUT,
    credentials: [],
    repeat: 'always' as const,
  };
  const answer = await exchange(request, session, () => undefined);
  if (answer.status < 200 || answer.status >= 300) {
    const error = refusal(answer, session);
    throw [400, 401, 403].includes(answer.status) ? clientRefused(auth, error) : error;
  }
  const { url: place } = requestName('POST', url, session.mask);
  return tokenOf(decodeUtf8(answer.body), auth, place, session.effects.now());
}

const TOKEN_TIMEOUT = 60_000;
const MARGIN = 10_000;

function tokenOf(text: string, auth: OAuthConfig, place: string, now: number): Token {
  const reply = parsed(text);
  const value = reply.access_token;
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) {
    throw new PipelineError({
      code: 'ReplyUnusable',
      message: `The reply of \`${place}\` holds no \`access_token\` that a header can carry.`,
      hint: 'Check `access_token_url` and `access_token_request_data`.',
      facts: { url: place },
    });
  }
  const seconds = Number(reply.expires_in ?? Number.NaN);
  const life = Number.isNaN(seconds) ? auth.default_token_expiration : seconds * 1000;
  return { value, freshUntil: now + life - Math.min(MARGIN, life / 2) };
}

function parsed(text: string): { readonly access_token?: unknown; readonly expires_in?: unknown } {
  try {
    const reply: unknown = JSON.parse(text);
    return typeof reply === 'object' && reply !== null ? reply : {};
  } catch {
    return {};
  }
}

function clientRefused({ client_id, client_secret }: OAuthConfig, cause: PipelineError): PipelineError {
  return new PipelineError({
    code: 'SourceRefused',
    message: `No access token for the client \`${client_id}\`: ${cause.message}`,
    hint: `Check \`client_id\` and the client secret${client_secret.origin === undefined ? '' : ` in ${client_secret.origin}`}.`,
    facts: cause.facts,
    cause,
  });
}
