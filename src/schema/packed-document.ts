import { deflateSync, inflateSync } from 'node:zlib';

/** A document as a column holds it: packed, as dlt packs it, where it has more bytes than the column takes. */
export function packedDocument(json: string, longest = Number.POSITIVE_INFINITY): string {
  return Buffer.byteLength(json) <= longest ? json : deflateSync(json, { level: 9 }).toString('base64');
}

/** The other way round. What is neither comes as it is. */
export function documentOf(stored: string): string {
  if (stored.startsWith('{')) return stored;
  try {
    return inflateSync(Buffer.from(stored, 'base64')).toString();
  } catch {
    return stored;
  }
}
