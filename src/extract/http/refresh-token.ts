import { PipelineError } from '../../errors.ts';
import { whileLocked } from '../../files/file-lock.ts';
import { reasonOf } from '../../files/reason.ts';
import type { OAuthConfig } from './auth.ts';
import { keepToken, readKeptToken } from './kept-token.ts';
import type { Session } from './session.ts';
import { requestToken, type Token } from './token-request.ts';

export type RefreshConfig = Extract<OAuthConfig, { type: 'oauth2_refresh_token' }>;

/**
 * An access token by the refresh token grant (RFC 6749, 6). A refresh token that the reply gives in place of the one before is on
 * the disk before the access token is used. Runs that share its file ask one after another. Throws ConfigInvalid where there is a
 * new one and no file to keep it in.
 */
export async function refreshedToken(auth: RefreshConfig, session: Session): Promise<Token> {
  const { refresh_token: configured, refresh_token_file: file } = auth;
  if (file === undefined) {
    const current = configured.reveal();
    const keep = async (given: string) => {
      if (given !== current) throw cannotKeep(auth);
    };
    return requestToken(auth, { fields: fieldsOf(current), repeat: 'always', keep }, session);
  }
  return locked(file, session, async () => {
    const current = (await readKeptToken(file, configured)) ?? configured.reveal();
    session.mask.add(current);
    const keep = async (given: string) => {
      if (given !== current) await keepToken(file, configured, given);
    };
    // Not sent again where the one before may have been taken: it is good only once.
    return requestToken(auth, { fields: fieldsOf(current), repeat: 'unless_executed', keep }, session);
  });
}

// --- internal ---

function fieldsOf(refresh_token: string) {
  return { grant_type: 'refresh_token', refresh_token };
}

/** In the folder of the file: that something can be written there is known before the token is used up. */
async function locked<T>(file: string, { effects, signal }: Session, work: () => Promise<T>): Promise<T> {
  let isLocked = false;
  try {
    return await whileLocked(`${file}.lock`, effects, signal, () => {
      isLocked = true;
      return work();
    });
  } catch (cause) {
    if (isLocked || signal.aborted) throw cause;
    throw new PipelineError({
      code: 'DestinationFailed',
      message: `A refresh token cannot be kept in ${file}: ${reasonOf(cause)}.`,
      hint: 'Make its folder writable, or set another `refresh_token_file`.',
      facts: { path: file },
      cause,
    });
  }
}

function cannotKeep({ access_token_url, refresh_token }: RefreshConfig): PipelineError {
  const place = refresh_token.origin ?? 'the secrets';
  return new PipelineError({
    code: 'ConfigInvalid',
    message: `\`${access_token_url}\` gave a new refresh token in place of the one before, and there is no \`refresh_token_file\` to keep it in.`,
    hint: `Add \`refresh_token_file: refresh-token.json\` to this \`auth\`, and put a new refresh token into ${place}: the one there may not be good any more.`,
    facts: { origin: refresh_token.origin },
  });
}
