import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { SnowflakeCredentials } from '../../../config/grammar/snowflake-destination.ts';
import { PipelineError } from '../../../errors.ts';

type KeyCredentials = Pick<SnowflakeCredentials, 'private_key' | 'private_key_path' | 'private_key_passphrase'>;

/**
 * The key of the user, decrypted, as PEM (PKCS #8). Written as dlt takes it: PEM, or PEM or DER in base64.
 *
 * @returns undefined where there is none
 * @throws PipelineError ConfigInvalid: it is no key, or the passphrase does not open it
 */
export async function privateKeyOf(credentials: KeyCredentials): Promise<string | undefined> {
  const written = (await credentials.private_key.revealed()) ?? (await fileOf(credentials));
  if (written === undefined) return undefined;
  const passphrase = await credentials.private_key_passphrase.revealed();
  try {
    return createPrivateKey({ ...encoded(written), passphrase })
      .export({ format: 'pem', type: 'pkcs8' })
      .toString();
  } catch (cause) {
    throw new PipelineError({
      code: 'ConfigInvalid',
      message: 'The private key of the destination cannot be read.',
      hint: '`private_key` is PEM, or its base64 in one line; what an encrypted one is opened with is `private_key_passphrase`.',
      facts: {},
      cause,
    });
  }
}

// --- internal ---

async function fileOf({ private_key_path: path }: KeyCredentials): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new PipelineError({
      code: 'ConfigInvalid',
      message: `The private key of the destination cannot be read: ${path}.`,
      hint: 'Correct `private_key_path`, or let the user who runs this read the file.',
      facts: { path },
      cause,
    });
  }
}

function encoded(written: string): { key: string } | { key: Buffer; format: 'der'; type: 'pkcs8' } {
  // In one line of an environment: `\n` for a line break.
  if (isPem(written)) return { key: written.replaceAll('\\n', '\n') };
  const key = Buffer.from(written, 'base64');
  const text = key.toString('latin1');
  return isPem(text) ? { key: text } : { key, format: 'der', type: 'pkcs8' };
}

function isPem(text: string): boolean {
  return text.includes('-----BEGIN ');
}
