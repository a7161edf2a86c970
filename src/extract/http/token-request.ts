import { variableValues } from '../../config/variables.ts';
import { PipelineError } from '../../errors.ts';
import type { Json } from '../../json/json-value.ts';
import { jsonPath } from '../../json-path/json-path.ts';
import { filledText } from '../../text/placeholders.ts';
import { decodeUtf8 } from '../reply/json-body.ts';
import { keysPage } from './account-pages.ts';
import { basicCredential, type OAuthConfig, textOf } from './auth.ts';
import { exchange } from './exchange.ts';
import { refusal } from './refusal.ts';
import { requestName } from './request-name.ts';
import type { Repeat } from './retry.ts';
import type { Session } from './session.ts';

export interface Token {
  readonly value: string;
  /** Milliseconds since 1970, some time before the token expires: it may do so on its way. */
  readonly freshUntil: number;
}

/** What one grant sends, and what is done about its reply. */
export interface Grant {
  /** Fields of the form, beside those of the client. */
  readonly fields: Readonly<Record<string, string>>;
  readonly repeat: Repeat;
  /** Called with the refresh token of the reply, if it has one, before its access token is used. */
  keep?(refreshToken: string): Promise<void>;
}

/**
 * Asks for an access token (RFC 6749). Throws SourceRefused where the client or its token is refused, ReplyUnusable for a reply
 * without one.
 */
export async function requestToken(auth: OAuthConfig, grant: Grant, session: Session): Promise<Token> {
  const values = variableValues(session.client, [
    auth.access_token_url,
    auth.access_token_request_data,
    auth.client_id,
  ]);
  const text = (value: Parameters<typeof textOf>[0]) => textOf(value, values);
  const url = new URL(filledText(auth.access_token_url, values));
  const secret = auth.client_secret;
  const isBasic = auth.client_auth === 'basic';
  const form = new URLSearchParams({
    ...grant.fields,
    ...(auth.scope === undefined ? {} : { scope: auth.scope }),
    ...(isBasic ? {} : { client_id: text(auth.client_id), ...(secret && { client_secret: secret.reveal() }) }),
  });
  for (const [name, value] of Object.entries(auth.access_token_request_data)) form.set(name, text(value));
  const credentials = isBasic ? [basicCredential(url, formEncoded(text(auth.client_id)), secret, formEncoded)] : [];
  for (const { value } of credentials) session.mask.add(value);
  const headers = new Headers({ accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' });
  const request = { method: 'POST' as const, url, headers, body: form.toString(), timeout: TIMEOUT, credentials };
  const answer = await exchange({ ...request, repeat: grant.repeat }, session, () => undefined);
  if (answer.status < 200 || answer.status >= 300) {
    const error = refusal(answer, session);
    throw [400, 401, 403].includes(answer.status) ? clientRefused(auth, session.client, error) : error;
  }
  const reply = parsed(decodeUtf8(answer.body));
  const refreshToken = member(reply, 'refresh_token');
  if (typeof refreshToken === 'string' && refreshToken !== '') {
    session.mask.add(refreshToken);
    await grant.keep?.(refreshToken);
  }
  return tokenOf(auth, reply, requestName('POST', url, session.mask).url, session.effects.now());
}

// --- internal ---

const TIMEOUT = 60_000;
const MARGIN = 10_000;

async function tokenOf(auth: OAuthConfig, reply: Json, place: string, now: number): Promise<Token> {
  const { access_token_path = 'access_token', expires_in_path = 'expires_in' } =
    auth.type === 'oauth2_refresh_token' ? auth : {};
  const value = (await jsonPath(access_token_path, 'access_token_path')).first(reply);
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) {
    throw new PipelineError({
      code: 'ReplyUnusable',
      message: `The reply of \`${place}\` holds no \`${access_token_path}\` that a header can carry.`,
      hint: 'Check `access_token_url` and `access_token_request_data`.',
      facts: { url: place },
    });
  }
  const said = (await jsonPath(expires_in_path, 'expires_in_path')).first(reply);
  const seconds = Number(said ?? Number.NaN);
  const life = Number.isNaN(seconds) ? auth.default_token_expiration : seconds * 1000;
  return { value, freshUntil: now + life - Math.min(MARGIN, life / 2) };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function member(reply: Json, name: string): unknown {
  return typeof reply === 'object' && reply !== null && !Array.isArray(reply)
    ? new Map(Object.entries(reply)).get(name)
    : undefined;
}

/** As RFC 6749, 2.3.1, wants the id and the secret of a client in a header. */
function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

function clientRefused(auth: OAuthConfig, client: Session['client'], cause: PipelineError): PipelineError {
  const { client_id, client_secret } = auth;
  const refresh = auth.type === 'oauth2_refresh_token' ? refreshHint(auth) : '';
  const origin = client_secret?.origin === undefined ? '' : ` in ${client_secret.origin}`;
  return new PipelineError({
    code: 'SourceRefused',
    message: `No access token for the client \`${client_id}\`: ${cause.message}`,
    hint: `Check \`client_id\` and the client secret${origin}${refresh}.${keysPage(client)}`,
    facts: cause.facts,
    cause,
  });
}

function refreshHint({
  refresh_token,
  refresh_token_file: file,
}: Extract<OAuthConfig, { type: 'oauth2_refresh_token' }>): string {
  const place = refresh_token.origin ?? 'the secrets';
  const kept = file === undefined ? '' : `; that of ${file} then counts no more`;
  return `; if they are right, put a new refresh token into ${place}${kept}`;
}
