import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Secret } from '../../config/secret.ts';
import { PipelineError } from '../../errors.ts';
import { writeDurably } from '../../files/durable-file.ts';
import { closeToOthers } from '../../files/private-rights.ts';
import { errorCode, reasonOf } from '../../files/reason.ts';

/** The content of a `refresh_token_file`. */
interface KeptToken {
  /** Of the token in the configuration that this one descends from: a new one there counts more. */
  readonly configured: { readonly salt: string; readonly fingerprint: string };
  readonly refresh_token: string;
}

/**
 * The token that came in place of the one in the configuration; undefined if none did, or if the configuration has another one by
 * now. Throws ConfigInvalid for a file that cannot be read, without showing it.
 */
export async function readKeptToken(path: string, configured: Secret): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw unreadable(path, reasonOf(error), error);
  });
  if (text === undefined) return undefined;
  await closeToOthers(path);
  const kept = parsed(text);
  if (kept === undefined) throw unreadable(path, 'it was not written by a run');
  const { salt, fingerprint } = kept.configured;
  return configured.fingerprint(salt) === fingerprint ? kept.refresh_token : undefined;
}

/** On the disk when it returns. Throws DestinationFailed: then the new token is lost. */
export async function keepToken(path: string, configured: Secret, token: string): Promise<void> {
  const salt = createHmac('sha256', token).update(path).digest('hex').slice(0, 16);
  const kept: KeptToken = { configured: { salt, fingerprint: configured.fingerprint(salt) }, refresh_token: token };
  try {
    await writeDurably(path, `${JSON.stringify(kept, null, 2)}\n`);
  } catch (cause) {
    throw new PipelineError({
      code: 'DestinationFailed',
      message: `The new refresh token cannot be kept in ${path}: ${reasonOf(cause)}.`,
      hint: 'Make the folder writable, then put a new refresh token into the secrets: the one before may not be good any more.',
      facts: { path },
      cause,
    });
  }
}

// --- internal ---

function parsed(text: string): KeptToken | undefined {
  try {
    const kept: unknown = JSON.parse(text);
    return isKeptToken(kept) ? kept : undefined;
  } catch {
    return undefined;
  }
}

function isKeptToken(kept: unknown): kept is KeptToken {
  if (typeof kept !== 'object' || kept === null) return false;
  if (!('refresh_token' in kept && 'configured' in kept)) return false;
  const { refresh_token, configured } = kept;
  if (typeof configured !== 'object' || configured === null) return false;
  const isMarked = 'salt' in configured && 'fingerprint' in configured;
  return isMarked && [refresh_token, configured.salt, configured.fingerprint].every((text) => typeof text === 'string');
}

function unreadable(path: string, reason: string, cause?: unknown): PipelineError {
  return new PipelineError({
    code: 'ConfigInvalid',
    message: `The file of the refresh token, ${path}, cannot be read: ${reason}.`,
    hint: 'Put a new refresh token into the secrets, then delete the file.',
    facts: { path },
    cause,
  });
}
