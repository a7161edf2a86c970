/** A text as it reads once every escape is undone, and where each of its characters stood before. */
export interface Unescaped {
  readonly text: string;
  /** The part of the original text that became these characters: from its first to behind its last. */
  span(start: number, end: number): readonly [number, number];
}

/**
 * Undoes what texts do to each other on their way: escapes of JSON (also of JSON within JSON), percent-encoding, entities of
 * HTML. Control characters and invisible ones, terminal sequences among them, are left out. Nothing is lost that could tell a
 * secret, and much that could not: the result is for searching, not for showing.
 */
export function unescaped(text: string): Unescaped {
  if (!sign.test(text)) return { text, span: (start, end) => [start, end] };
  const passes: Pass[] = [];
  for (let last = text; passes.length < MOST_PASSES; ) {
    const pass = passOver(last);
    if (pass === null) break;
    passes.push(pass);
    last = pass.text;
  }
  return {
    text: passes.at(-1)?.text ?? text,
    span: (start, end) =>
      passes.reduceRight<readonly [number, number]>(
        ([from, to], pass) => [before(pass, from), behind(pass, to)],
        [start, end],
      ),
  };
}

// --- internal ---

/** Each halves the backslashes of JSON within JSON. */
const MOST_PASSES = 6;

interface Pass {
  readonly text: string;
  /** Places in `text`, two for each escape: where it begins (odd indexes) and ends (even ones, the start of the text among them). */
  readonly after: readonly number[];
  /** The same places in the text before. */
  readonly before: readonly number[];
}

/** Something that an escape begins with. */
const sign = /[\\%&\p{Cc}\p{Cf}\u2028\u2029]|\/[/u]/u;

const escapeCharacter = '\\u001b';
const token = new RegExp(
  [
    // In a URL a backslash becomes a slash: `/u0041` for `\\u0041`, `//` for `\\/`.
    String.raw`[\\/]u(?<unit>[\da-f]{4})|\/(?=\/(?!u[\da-f]{4}))`,
    String.raw`\\(?:u\{(?<point>[\da-f]{1,6})\}|x(?<latin>[\da-f]{2})|(?<letter>[^]))`,
    '%(?<ascii>[0-7][\\da-f])',
    '(?<bytes>(?:%[89a-f][\\da-f]){1,4})',
    '&#(?<decimal>\\d{1,7});?',
    '&#x(?<hex>[\\da-f]{1,6});?',
    '&(?<name>[a-z]{2,6});',
    String.raw`(?:${escapeCharacter}\[|\u009b)[0-?]*[ -\/]*[@-~]`,
    String.raw`${escapeCharacter}\][^\u0007${escapeCharacter}]*(?:\u0007|${escapeCharacter}\\)?`,
    '[^\\P{Cc}\\u001b\\u009b]+|[\\u001b\\u009b\\p{Cf}\\u2028\\u2029]',
  ].join('|'),
  'giu',
);

const names: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", sol: '/', bsol: '\\', plus: '+', equals: '=', num: '#' },
    ...{ colon: ':', semi: ';', comma: ',', period: '.', excl: '!', quest: '?', dollar: '$', percnt: '%', ast: '*' },
    ...{ commat: '@', lowbar: '_', lpar: '(', rpar: ')', lsqb: '[', rsqb: ']', lcub: '{', rcub: '}', vert: '|' },
  }),
);

/** Null where there is nothing to undo. */
function passOver(text: string): Pass | null {
  const after = [0];
  const before = [0];
  let result = '';
  let end = 0;
  for (const match of text.matchAll(token)) {
    const meant = meaning(match.groups ?? {});
    if (meant === undefined) continue;
    result += text.slice(end, match.index);
    after.push(result.length);
    before.push(match.index);
    result += meant;
    end = match.index + match[0].length;
    after.push(result.length);
    before.push(end);
  }
  return end === 0 ? null : { text: result + text.slice(end), after, before };
}

/** The character that an escape stands for; none for what cannot be seen. Undefined if it is no escape after all. */
function meaning(groups: Readonly<Record<string, string | undefined>>): string | undefined {
  const { unit, point, latin, letter, ascii, bytes, decimal, hex, name } = groups;
  const code = unit ?? point ?? latin ?? ascii ?? hex;
  if (code !== undefined) return characterOf(Number.parseInt(code, 16));
  if (decimal !== undefined) return characterOf(Number(decimal));
  if (letter !== undefined) return 'bfnrt'.includes(letter) ? '' : letter;
  if (bytes !== undefined) return Buffer.from(bytes.replaceAll('%', ''), 'hex').toString();
  return name === undefined ? '' : names.get(name.toLowerCase());
}

function characterOf(code: number): string {
  return code <= 0xffff ? String.fromCharCode(code) : String.fromCodePoint(Math.min(code, 0x10ffff));
}

/** Where the character at `place` began: within an escape, where that did. */
function before({ after, before: places }: Pass, place: number): number {
  const index = lastUpTo(after, place);
  const isEscape = index % 2 === 1;
  return (places[index] ?? 0) + (isEscape ? 0 : place - (after[index] ?? 0));
}

/** Where what stands before `place` ended. */
function behind({ after, before: places }: Pass, place: number): number {
  const index = lastUpTo(after, place - 1);
  const isEscape = index % 2 === 1;
  return isEscape ? (places[index + 1] ?? 0) : (places[index] ?? 0) + place - (after[index] ?? 0);
}

/** The index of the last number that is not above `limit`, in an ascending list. */
function lastUpTo(list: readonly number[], limit: number): number {
  let [low, high] = [0, list.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((list[middle] ?? 0) <= limit) low = middle;
    else high = middle;
  }
  return low;
}
