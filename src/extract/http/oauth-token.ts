import { PipelineError } from '../../errors.ts';
import type { OAuthConfig } from './auth.ts';
import { refreshedToken } from './refresh-token.ts';
import type { Session } from './session.ts';
import { requestToken, type Token } from './token-request.ts';

/** Tokens by configuration: the resources of a run share them. */
const tokens = new WeakMap<OAuthConfig, Promise<Token>>();
const underWay = new Set<Promise<Token>>();

/**
 * An access token by the client credentials or the refresh token grant, kept until it is about to expire, or until it is `refused`.
 * Those who want one at the same time share it. Throws SourceRefused where the client is refused, ReplyUnusable for a reply without a token.
 */
export async function accessToken(auth: OAuthConfig, session: Session, refused?: string): Promise<string> {
  if (session.replies?.isOffline === true) return offlineToken(refused);
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
    underWay.add(asked);
    try {
      return await asked;
    } catch (error) {
      tokens.delete(auth);
      throw error;
    } finally {
      underWay.delete(asked);
    }
  }
}

/** Until nobody asks any more: a token that was given in place of another has to be kept, whoever still waits for it. */
export async function tokensSettled(): Promise<void> {
  while (underWay.size > 0) await Promise.allSettled(underWay);
}

// --- internal ---

/** Nobody looks at it. What was recorded may have been refused one, and got another. */
function offlineToken(refused = 'token'): string {
  return `${refused}-of-an-offline-run`;
}

function ask(auth: OAuthConfig, session: Session): Promise<Token> {
  if (auth.type === 'oauth2_refresh_token') return refreshedToken(auth, session);
  return requestToken(auth, { fields: { grant_type: 'client_credentials' }, repeat: 'always' }, session);
}
