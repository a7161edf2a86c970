import { MASK, type SecretMask } from './secret-mask.ts';

/**
 * A link of a reply, or of a position, in which secrets are masked: with those back that the address of the endpoint itself holds
 * in its path. Those of its query are credentials.
 */
export function unmaskedLink(link: string, { origin, pathname }: URL, mask: SecretMask): string {
  const own = `${origin}${pathname}`;
  const masked = mask.text(own);
  if (masked === own) return link;
  const end = masked.lastIndexOf(MASK) + MASK.length;
  const start = masked.slice(0, end);
  return link.startsWith(start) ? own.slice(0, own.length - (masked.length - end)) + link.slice(end) : link;
}
