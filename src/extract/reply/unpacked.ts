import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { errorCode } from '../../files/reason.ts';
import { BadPack, isZip, unzipped, type ZipFile } from './zip.ts';

const gunzipped = promisify(gunzip);

/** What is packed in what is packed in something is the most that is looked at. */
const DEEPEST = 3;

/**
 * The files in a reply that is a gzip or zip by its first bytes, one in the other too; the reply itself where it is neither.
 * Throws BadPack, or ERR_BUFFER_TOO_LARGE where together they have more than `maxBytes`.
 */
export async function unpacked(file: ZipFile, maxBytes: number, depth = 0): Promise<ZipFile[]> {
  const { name, bytes } = file;
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if ((!isGzip && !isZip(bytes)) || depth === DEEPEST) return [file];
  const inside = isGzip
    ? [{ name: name.replace(/\.gz$/i, ''), bytes: await plainBytes(bytes, maxBytes) }]
    : await unzipped(bytes, maxBytes);
  const files: ZipFile[] = [];
  let left = maxBytes;
  for (const each of inside) {
    const found = await unpacked(each, left, depth + 1);
    for (const { bytes: plain } of found) left -= plain.length;
    files.push(...found);
  }
  return files;
}

// --- internal ---

async function plainBytes(bytes: Buffer, maxBytes: number): Promise<Buffer> {
  try {
    return await gunzipped(bytes, { maxOutputLength: Math.max(1, maxBytes) });
  } catch (error) {
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE') throw error;
    throw new BadPack(errorCode(error) === 'Z_BUF_ERROR' ? 'is a gzip that is cut short' : 'is a gzip that is damaged');
  }
}
