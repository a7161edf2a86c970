import { PipelineError } from '../errors.ts';
import type { OAuthConfig } from './auth.ts';
import { exchange } from './exchange.ts';
import { decodeUtf8 } from './json-body.ts';
import { refusal } from './refusal.ts';
import type { Session } from './session.ts';

interface Token {
  readonly value: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Tokens by configuration: the resources of a run share them. */
const tokens = new WeakMap<OAuthConfig, Promise<Token>>();

/** A token may expire on its way. */
const MARGIN = 10_000;

/**
 * An access token by the client credentials grant (RFC 6749, 4.4), kept until it expires. Throws SourceRefused where the
 * client is refused, ReplyUnusable for a reply without a token.
 */
export async function accessToken(auth: OAuthConfig, session: Session): Promise<string> {
  const known = await tokens.get(auth);
  const { value } = known !== undefined && known.expiresAt - MARGIN > session.effects.now() ? known : await fresh();
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
  const form = new URLSearchParams({
    client_id: auth.client_id,
    client_secret: auth.client_secret.reveal(),
    grant_type: 'client_credentials',
    ...auth.access_token_request_data,
  });
  const headers = new Headers({ accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' });
  const request = {
    method: 'POST' as const,
    url,
    headers,
    body: form.toString(),
    timeout: TOKEN_TIMEOUT,
    credentials: [],
  };
  const answer = await exchange(request, session, () => false);
  if (answer.status >= 400 && answer.status < 500)
    throw refused(auth, refusal(answer, session.mask, session.effects.now()));
  if (answer.status < 200 || answer.status >= 300) throw refusal(answer, session.mask, session.effects.now());
  return tokenOf(decodeUtf8(answer.body), auth, session.effects.now());
}

const TOKEN_TIMEOUT = 60_000;

function tokenOf(text: string, auth: OAuthConfig, now: number): Token {
  const reply = parsed(text);
  const value = reply.access_token;
  if (typeof value !== 'string' || value === '') {
    throw new PipelineError({
      code: 'ReplyUnusable',
      message: `The reply of \`${auth.access_token_url}\` holds no \`access_token\``,
      hint: 'Check `access_token_url` and `access_token_request_data`.',
      facts: { url: auth.access_token_url },
    });
  }
  const seconds = Number(reply.expires_in ?? Number.NaN);
  return { value, expiresAt: now + (Number.isNaN(seconds) ? auth.default_token_expiration : seconds * 1000) };
}

function parsed(text: string): { readonly access_token?: unknown; readonly expires_in?: unknown } {
  try {
    const reply: unknown = JSON.parse(text);
    return typeof reply === 'object' && reply !== null ? reply : {};
  } catch {
    return {};
  }
}

function refused({ access_token_url, client_id, client_secret }: OAuthConfig, cause: PipelineError): PipelineError {
  return new PipelineError({
    code: 'SourceRefused',
    message: `\`${access_token_url}\` gave no access token to the client \`${client_id}\`: ${cause.message}`,
    hint: `Check \`client_id\` and the client secret${client_secret.origin === undefined ? '' : ` in ${client_secret.origin}`}.`,
    facts: cause.facts,
    cause,
  });
}
