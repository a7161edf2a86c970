import type { PaginatorConfig } from '../../config/grammar/paginator-schema.ts';
import { count } from '../../text/count.ts';
import type { SecretMask } from '../http/secret-mask.ts';
import type { ChainRead } from './chain-read.ts';
import { traitsOf } from './paginator-of.ts';
import type { Sign } from './signs.ts';

/** What was not read of a list, in the words of a message: plain JSON, part of a Position. */
export interface Rest {
  /** The same for chains of which the same can be said. */
  readonly key: string;
  /** `the reply says that there is more (`next: 2`)`. */
  readonly says: string;
  /** `, only its first page was read`. */
  readonly so: string;
  /** What to do about it: `set `paginator: …`, or `single_page``. Empty where it was wanted. */
  readonly advice: string;
  /** `maximum`: as far as the configuration wants. `unseen`: only if no other chain shows what this one lacks. */
  readonly kind: 'rest' | 'unseen' | 'maximum';
  /** The rows that it holds are surely there: a table that is replaced would lose them. */
  readonly isSure: boolean;
}

/** A reply that shows more than was read. `isOpen`: the configuration names no paginator. */
export function shownRest(unread: readonly Sign[], { read, config, isOpen, isUnseen, advice, mask }: ShownFacts): Rest {
  const shown = unread.slice(0, MOST_SHOWN).map((sign) => `\`${signText(sign, mask)}\``);
  const records = read.items === null ? count(read.pages, 'page') : count(read.items, 'record');
  const what = read.pages === 1 ? 'its first page' : records;
  const lacks = isUnseen ? ` but not ${traitsOf(config).lead},` : '';
  return {
    kind: 'rest',
    key: `${isUnseen} ${unread.map(({ entry }) => entry.place).join()}`,
    says: `the reply says that there is more (${shown.join(', ')})`,
    so: `,${lacks} only ${what} ${read.pages === 1 || read.items === 1 ? 'was' : 'were'} read`,
    advice: adviceOn(unread, isOpen, isUnseen, advice),
    isSure: true,
  };
}

/** A list that ended because nothing led on, with nothing in the reply to tell by whether it was whole. */
export function unseenRest(config: PaginatorConfig, records: number, isFull: boolean): Rest {
  return {
    kind: 'unseen',
    key: 'unseen',
    says: `no reply had ${traitsOf(config).lead}`,
    so: `, so only the first page was read (${count(records, 'record')}${isFull ? ', as many as were asked for' : ''})`,
    advice: isFull
      ? 'correct the `paginator`, or set `single_page`'
      : 'correct the `paginator`; if that is all there is, ask for more than that a page in `params`, such as `limit: 100`',
    isSure: isFull,
  };
}

/** A first page that is short, and as long as pages of sources often are at most. */
export function shortRest(records: number, asked: number): Rest {
  return {
    kind: 'rest',
    key: 'short',
    says: `its first page had ${records} of the ${asked} records that were asked for`,
    so: ', which may be all that the source gives at once: no other page was asked for',
    advice: `ask for ${records} a page, or leave \`stop_after_short_page\` away`,
    isSure: false,
  };
}

/** A list that the configuration ends before its end. */
export function maximumRest(pages: number): Rest {
  const says = `the list goes on after ${count(pages, 'page')}, which is as far as \`maximum_pages\` goes`;
  return { kind: 'maximum', key: 'maximum', says, so: '', advice: '', isSure: false };
}

/** `of` chains were read, `chains` of them ended so. */
export function restText({ says, so, advice }: Rest, chains: number, of: number): string {
  const where = of === 1 ? '' : `in ${chains} of ${of} chains `;
  return `${where}${says}${so}${advice === '' ? '' : `: ${advice}`}`;
}

// --- internal ---

interface ShownFacts {
  readonly read: ChainRead;
  readonly config: PaginatorConfig;
  readonly isOpen: boolean;
  /** What the configuration wants to be led by was in no reply of the chain. */
  readonly isUnseen: boolean;
  /** The paginator that would read it. */
  readonly advice: string;
  readonly mask: SecretMask;
}

const MOST_SHOWN = 3;
const LONGEST_VALUE = 40;

/** What leads to the rest is sure only where the reply names it; a paginator that is there may be right but for one path. */
function adviceOn(unread: readonly Sign[], isOpen: boolean, isUnseen: boolean, paginator: string): string {
  if (isOpen) return `set \`paginator: ${paginator}\`, or \`single_page\``;
  if (unread.some(({ kind }) => kind === 'next' || kind === 'cursor')) return `set \`paginator: ${paginator}\``;
  if (isUnseen || unread.some(({ kind }) => kind === 'flag'))
    return `correct the \`paginator\`, perhaps \`${paginator}\``;
  return 'correct the `paginator`, or set `total_path: null` in it if that does not count its records';
}

function signText({ entry: { place, value, word, isHeader } }: Sign, mask: SecretMask): string {
  if (isHeader && word === 'link') return 'Link: rel="next"';
  const text = typeof value === 'object' && value !== null ? '…' : String(value);
  return `${mask.quote(place)}: ${mask.quote(withoutUser(text), LONGEST_VALUE)}`;
}

function withoutUser(text: string): string {
  return text.replace(/\/\/[^/?#@]*@/g, '//***@');
}
