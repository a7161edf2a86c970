import { crc32, deflateSync } from 'node:zlib';

/** One transparent pixel: the smallest picture that every decoder takes. */
export const pixelPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

const LARGEST = 4096;

/** A picture of one colour, which the seed decides, and of the size that was ordered, to 4,096 pixels each way. */
export function painted(width: number, height: number, seed: number): Buffer {
  const columns = Math.min(Math.max(1, width), LARGEST);
  const rows = Math.min(Math.max(1, height), LARGEST);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(columns, 0);
  header.writeUInt32BE(rows, 4);
  header.set([1, 3], 8); // one bit a pixel, which is the place of its colour in the palette
  const colour = Buffer.alloc(4);
  colour.writeUInt32BE(crc32(String(seed)));
  const lines = Buffer.alloc(rows * (1 + Math.ceil(columns / 8)));
  const chunks = [chunk('IHDR', header), chunk('PLTE', colour.subarray(1)), chunk('IDAT', deflateSync(lines))];
  return Buffer.concat([SIGNATURE, ...chunks, chunk('IEND', Buffer.alloc(0))]);
}

// --- internal ---

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}
