import { shortenTag } from './tag.ts';

/** How long a name of a table or a column may be in a destination, and which it has no room for. */
export interface NameLimit {
  readonly longest: number;
  readonly unit: 'bytes' | 'characters';
  /** Of columns that each table has by itself. Default: none */
  readonly system?: readonly string[];
  /** How no name of a column may begin. Default: anyhow */
  readonly reserved?: readonly string[];
}

/**
 * The name itself where it is short enough; else as dlt shortens it: both ends, and between them a tag of what it was made from.
 *
 * @param from what makes the tag: the name as it came. Default: the name
 */
export function fitted(name: string, limit: NameLimit | undefined, from = name): string {
  if (limit === undefined || isShort(name, limit)) return name;
  const tag = shortenTag(from);
  // A digit of another script takes several bytes.
  const characters = [...name];
  for (let kept = limit.longest - tag.length; ; kept -= 1) {
    const end = Math.floor(kept / 2);
    const cut = [...characters.slice(0, kept - end), tag, ...characters.slice(characters.length - end)].join('');
    if (isShort(cut, limit)) return cut;
  }
}

/**
 * The name of a column: one that the destination's tables have by themselves ends with an `x`, as dlt ends names it cannot take as
 * they are; one that no column may begin with begins with an `x`.
 */
export function fittedColumn(name: string, limit: NameLimit | undefined): string {
  const isReserved = limit?.reserved?.some((start) => name.startsWith(start)) === true;
  const short = fitted(isReserved ? `x${name}` : name, limit);
  return limit?.system?.includes(short) ? `${short}x` : short;
}

// --- internal ---

function isShort(name: string, { longest, unit }: NameLimit): boolean {
  if (unit === 'bytes') return Buffer.byteLength(name) <= longest;
  return name.length <= longest || [...name].length <= longest;
}
