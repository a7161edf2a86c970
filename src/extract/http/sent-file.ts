import { basename, dirname, extname, resolve, sep } from 'node:path';
import type { FileReference } from '../../config/file-reference.ts';
import { PipelineError } from '../../errors.ts';
import { readBytes, requireReadable } from '../../files/read-bytes.ts';
import { reasonOf } from '../../files/reason.ts';
import { filledText, placeholders } from '../../text/placeholders.ts';
import { printable } from '../../text/printable.ts';
import type { Values } from './url.ts';

/** What of a file goes into a request. */
export interface SentFile {
  readonly bytes: Buffer;
  readonly name: string;
  readonly type: string;
}

/** A request is built in memory, so that a retry sends the same bytes. */
const MOST_BYTES = 100_000_000;

/** `sender` is who is said to send it. Throws ConfigInvalid where it cannot be sent. */
export async function sentFile(reference: FileReference, values: Values, sender: string): Promise<SentFile> {
  const path = filledPath(reference.file, values, sender);
  const bytes = await readBytes(path, MOST_BYTES).catch((error: unknown) => {
    throw notSent(sender, path, reasonOf(error));
  });
  const name = filledText(reference.filename ?? basename(path), values);
  return { bytes, name, type: reference.content_type ?? typeOf(path) };
}

/** Throws ConfigInvalid where it could not be sent now. */
export async function requireSendable(path: string, sender: string): Promise<void> {
  await requireReadable(path, MOST_BYTES).catch((error: unknown) => {
    throw notSent(sender, path, reasonOf(error));
  });
}

/** Throws ConfigInvalid for values that lead out of the folder which stands before the first of them. */
export function filledPath(written: string, values: Values, sender: string): string {
  const path = resolve(filledText(written, values));
  const [first] = placeholders(written).filter((name) => !name.startsWith('variables.') && Object.hasOwn(values, name));
  if (first === undefined) return path;
  const before = filledText(written.slice(0, written.indexOf(`{${first}}`)), values);
  const folder = dirname(resolve(`${before}x`));
  if (path.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return path;
  throw notSent(sender, printable(path), `it is not below ${folder}, where its path begins`);
}

// --- internal ---

function notSent(sender: string, path: string, reason: string): PipelineError {
  return new PipelineError({
    code: 'ConfigInvalid',
    message: `\`${sender}\` cannot send the file ${path}: ${reason}.`,
    hint: 'Put it there, or correct `file` in the body of the endpoint: its path is relative to the configuration.',
    facts: { sender, path },
  });
}

/** By the end of the name; the ones that APIs ask for. */
function typeOf(path: string): string {
  return types[extname(path).toLowerCase()] ?? 'application/octet-stream';
}

const types: Readonly<Record<string, string>> = {
  '.avif': 'image/avif',
  '.csv': 'text/csv',
  '.gif': 'image/gif',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.jsonl': 'application/jsonl',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.wav': 'audio/wav',
  '.webm': 'video/webm',
  '.webp': 'image/webp',
  '.xml': 'application/xml',
  '.zip': 'application/zip',
};
