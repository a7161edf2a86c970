import { promisify } from 'node:util';
import * as zlib from 'node:zlib';

/** How the body of a kept reply is packed. */
export type Packing = 'zstd' | 'gzip' | 'none';

export interface PackedBody {
  readonly packing: Packing;
  readonly bytes: Buffer;
}

type Pack = (bytes: Buffer) => Promise<Buffer>;

/** As small as is quick: zstd where this Node has it, else gzip. What does not get smaller, an image say, stays as it is. */
export async function packedBody(bytes: Buffer): Promise<PackedBody> {
  if (bytes.length < WORTH_PACKING) return { packing: 'none', bytes };
  const packing = zstd.pack === undefined ? 'gzip' : 'zstd';
  const packed = await (zstd.pack ?? gzip)(bytes);
  return packed.length < bytes.length ? { packing, bytes: packed } : { packing: 'none', bytes };
}

/** Throws an Error where this Node cannot unpack it, or where the bytes are damaged. */
export async function unpackedBody({ packing, bytes }: PackedBody): Promise<Buffer> {
  if (packing === 'none') return bytes;
  if (packing === 'gzip') return gunzip(bytes);
  if (zstd.unpack === undefined) throw new Error('it is packed with zstd, which Node has from version 22.15 on');
  return zstd.unpack(bytes);
}

// --- internal ---

const WORTH_PACKING = 200;

const gunzip = promisify<Buffer, Buffer>(zlib.gunzip);
const quickly = { level: zlib.constants.Z_BEST_SPEED };
const gzip: Pack = (bytes) =>
  new Promise((resolve, reject) => {
    zlib.gzip(bytes, quickly, (error, packed) => (error === null ? resolve(packed) : reject(error)));
  });

/** Not in the types, and not there, before Node 22.15. */
const zstd = { pack: fromNode('zstdCompress'), unpack: fromNode('zstdDecompress') };

function fromNode(name: string): Pack | undefined {
  const found: unknown = Reflect.get(zlib, name);
  if (typeof found !== 'function') return undefined;
  return (bytes) =>
    new Promise((resolve, reject) => {
      found(bytes, (error: unknown, result: Buffer) => (error == null ? resolve(result) : reject(error)));
    });
}
