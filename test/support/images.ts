import { crc32, deflateSync } from 'node:zlib';

/** As much of an image of each kind as says how large it is; the PNG is a whole one, of one colour. */
export const images = {
  'image/png': png(37, 11),
  'image/jpeg': bytes(
    'ffd8 ffe0 0010 4a464946000101000001000100 00 ffc0 0011 08',
    u16(11),
    u16(37),
    '03 012200021101031101 ffd9',
  ),
  'image/webp': bytes(ascii('RIFF'), '16000000', ascii('WEBPVP8X'), '0a000000 00000000', u24(36), u24(10)),
  'image/gif': bytes(ascii('GIF89a'), '2500', '0b00', '000000 3b'),
  'image/avif': bytes(
    box('ftyp', ascii('avif'), '00000000', ascii('avifmif1')),
    box('meta', '00000000', box('iprp', box('ipco', box('ispe', '00000000', u32(37), u32(11))))),
  ),
} as const;

export function png(width: number, height: number, colour = 0): Buffer {
  const rows = Buffer.alloc(height * (1 + Math.ceil(width / 8)));
  return bytes(
    '89504e470d0a1a0a',
    chunk('IHDR', bytes(u32(width), u32(height), '01 03 000000')),
    chunk('PLTE', bytes(u24(colour))),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  );
}

// --- internal ---

/** Texts are hexadecimal digits. */
function bytes(...parts: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part.replaceAll(' ', ''), 'hex') : part)),
  );
}

function ascii(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function chunk(type: string, data: Buffer): Buffer {
  const body = bytes(ascii(type), data);
  return bytes(u32(data.length), body, u32(crc32(body)));
}

function box(type: string, ...parts: readonly (string | Buffer)[]): Buffer {
  const body = bytes(...parts);
  return bytes(u32(body.length + 8), ascii(type), body);
}

function u16(value: number): Buffer {
  return bytes(value.toString(16).padStart(4, '0'));
}

/** Little-endian in WebP. */
function u24(value: number): Buffer {
  return bytes(value.toString(16).padStart(6, '0')).reverse();
}

function u32(value: number): Buffer {
  return bytes(value.toString(16).padStart(8, '0'));
}
