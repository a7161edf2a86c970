import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';

/** What is wrong with something packed; the message ends a sentence about it. */
export class BadPack extends Error {}

export interface ZipFile {
  readonly name: string;
  readonly bytes: Buffer;
}

const inflate = promisify(inflateRaw);

export function isZip(bytes: Buffer): boolean {
  return bytes.length >= END && [LOCAL_MARK, END_MARK].includes(bytes.readUInt32LE(0));
}

/**
 * The files of a zip in its order, without folders and what macOS adds. Throws BadPack for one that is damaged, encrypted or of
 * a kind that is not read; ERR_BUFFER_TOO_LARGE as zlib does where together they have more than `maxBytes`.
 */
export async function unzipped(zip: Buffer, maxBytes: number): Promise<ZipFile[]> {
  const files: ZipFile[] = [];
  let left = maxBytes;
  for (const entry of entriesOf(zip)) {
    if (entry.name.endsWith('/') || entry.name.startsWith('__MACOSX/')) continue;
    const bytes = await contentOf(zip, entry, left);
    left -= bytes.length;
    files.push({ name: entry.name, bytes });
  }
  return files;
}

// --- internal ---

// Section 4.3 of https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
const [LOCAL_MARK, CENTRAL_MARK, END_MARK] = [0x04034b50, 0x02014b50, 0x06054b50];
const [LOCAL, CENTRAL, END] = [30, 46, 22];
const LONGEST_COMMENT = 0xffff;

interface Entry {
  readonly name: string;
  readonly isEncrypted: boolean;
  readonly method: number;
  readonly checksum: number;
  readonly packedSize: number;
  readonly size: number;
  readonly offset: number;
}

function entriesOf(zip: Buffer): Entry[] {
  const end = endOf(zip);
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  if (count === 0xffff || at === 0xffffffff) throw new BadPack('is a zip of the 64-bit kind, which is not read');
  return Array.from({ length: count }, () => {
    requireMark(zip, at, CENTRAL_MARK, CENTRAL);
    const nameEnd = at + CENTRAL + zip.readUInt16LE(at + 28);
    const entry = {
      name: zip.toString('utf8', at + CENTRAL, nameEnd),
      isEncrypted: (zip.readUInt16LE(at + 8) & 1) === 1,
      method: zip.readUInt16LE(at + 10),
      checksum: zip.readUInt32LE(at + 16),
      packedSize: zip.readUInt32LE(at + 20),
      size: zip.readUInt32LE(at + 24),
      offset: zip.readUInt32LE(at + 42),
    };
    at = nameEnd + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    return entry;
  });
}

function endOf(zip: Buffer): number {
  for (let at = zip.length - END; at >= Math.max(0, zip.length - END - LONGEST_COMMENT); at -= 1)
    if (zip.readUInt32LE(at) === END_MARK) return at;
  throw new BadPack('is a zip that is cut short');
}

async function contentOf(zip: Buffer, entry: Entry, maxBytes: number): Promise<Buffer> {
  const { offset, packedSize, method, isEncrypted, size, checksum } = entry;
  if (isEncrypted) throw new BadPack('is a zip with a password');
  requireMark(zip, offset, LOCAL_MARK, LOCAL);
  const start = offset + LOCAL + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
  const packed = zip.subarray(start, start + packedSize);
  if (method !== 0 && method !== 8) throw new BadPack(`is a zip of method ${method}, which is not read`);
  // zlib takes no 0.
  const bytes = method === 0 ? packed : await inflate(packed, { maxOutputLength: Math.max(1, maxBytes) });
  if (bytes.length !== size || crc32(bytes) !== checksum) throw new BadPack('is a zip that is damaged');
  if (size > maxBytes) throw Object.assign(new Error('too large'), { code: 'ERR_BUFFER_TOO_LARGE' });
  return bytes;
}

function requireMark(zip: Buffer, at: number, mark: number, length: number): void {
  if (at + length > zip.length || zip.readUInt32LE(at) !== mark) throw new BadPack('is a zip that is damaged');
}
