import type { Effects } from '../effects.ts';

/** What a run is called by those who are told of it: a UUID of version 7 (RFC 9562), which sorts by time. */
export function runUuid({ now, random }: Pick<Effects, 'now' | 'random'>): string {
  const hex = (digits: number) => inHex(Math.floor(random() * 16 ** digits), digits);
  const time = inHex(Math.floor(now()), 12);
  const variant = (8 + Math.floor(random() * 4)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-${variant}${hex(3)}-${hex(6)}${hex(6)}`;
}

function inHex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0').slice(-digits);
}
