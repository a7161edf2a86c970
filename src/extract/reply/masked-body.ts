import { isUtf8 } from 'node:buffer';
import type { Json } from '../../json/json-value.ts';
import type { SecretMask } from '../http/secret-mask.ts';

/** The body of a reply as it may be kept: without secrets. The same bytes where none is in them. */
export function maskedBody(bytes: Buffer, mask: SecretMask): Buffer {
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1'; // every byte of what is no text has its place in Latin-1
  if (!mask.mayBeIn(bytes, () => bytes.toString(encoding))) return bytes;
  const text = bytes.toString(encoding);
  const masked = mask.content(text);
  if (masked === text) return bytes;
  const json = jsonIn(text);
  // A secret that stands there as a number leaves no JSON behind.
  if (json === undefined || jsonIn(masked) !== undefined) return Buffer.from(masked, encoding);
  return Buffer.from(JSON.stringify(mask.json(json.value)));
}

// --- internal ---

function jsonIn(text: string): { readonly value: Json } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
