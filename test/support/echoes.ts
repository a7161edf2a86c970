import { stripVTControlCharacters } from 'node:util';

/** What must stay hidden: one that can stand in the name of a host, one that JSON, HTML and URLs escape. Invented. */
export const echoed = { key: 'KEY-5A4DB0C5F19E77A2063C', user: 'me', password: 'hunter2/Long+Secret=9&x' };

const pair = `${echoed.user}:${echoed.password}`;
export const basic = Buffer.from(pair).toString('base64');

const each = (text: string, form: (code: string, character: string) => string) =>
  [...text].map((character) => form((character.codePointAt(0) ?? 0).toString(16).padStart(2, '0'), character)).join('');
const insert = (text: string, what: string) => `${text.slice(0, 5)}${what}${text.slice(5, 15)}${what}${text.slice(15)}`;
const inUrl = encodeURIComponent;
const entities: Readonly<Record<string, string>> = { '+': '&plus;', '/': '&sol;', '=': '&equals;', '&': '&amp;' };

/** The ways in which a server may repeat a text, as it would stand in a body that is no JSON. */
const echoForms: readonly (readonly [name: string, form: (text: string) => string])[] = [
  ['as it is', (text) => text],
  ['in lower case', (text) => text.toLowerCase()],
  ['in upper case', (text) => text.toUpperCase()],
  ['after a scheme', (text) => `Bearer ${text}`],
  ['in the query of a URL', (text) => `https://x.test/?key=${inUrl(text)}&x=1`],
  ['in the host of a URL', (text) => `https://${inUrl(text)}.x.test/`.toLowerCase()],
  ['as JSON', (text) => JSON.stringify(text)],
  ['with the slashes of PHP', (text) => text.replaceAll('/', '\\/')],
  [
    'with the escapes of .NET',
    (text) => text.replace(/[+&=/]/g, (sign) => each(sign, (code) => `\\u00${code.toUpperCase()}`)),
  ],
  ['in escapes alone', (text) => each(text, (code) => `\\u00${code}`)],
  [
    'partly in escapes',
    (text) => `${text.slice(0, 9)}${each(text.slice(9, 14), (code) => `\\u00${code}`)}${text.slice(14)}`,
  ],
  ['as JSON in JSON', (text) => JSON.stringify(JSON.stringify({ text }))],
  ['as escapes in JSON in JSON', (text) => JSON.stringify(JSON.stringify(each(text, (code) => `\\u00${code}`)))],
  ['with the escapes of JavaScript', (text) => each(text, (code) => `\\x${code}`)],
  ['with the braces of JavaScript', (text) => each(text, (code) => `\\u{${code}}`)],
  ['in decimal entities', (text) => each(text, (code) => `&#${Number.parseInt(code, 16)};`)],
  ['in hexadecimal entities', (text) => each(text, (code) => `&#x${code.toUpperCase()};`)],
  ['in named entities', (text) => text.replace(/[+/=&]/g, (sign) => entities[sign] ?? sign)],
  [
    'in entities of entities',
    (text) => text.replace(/[+/=&]/g, (sign) => (entities[sign] ?? sign).replace('&', '&amp;')),
  ],
  ['percent-encoded', inUrl],
  ['percent-encoded in lower case', (text) => inUrl(text).replace(/%../g, (code) => code.toLowerCase())],
  ['percent-encoded letter by letter', (text) => each(text, (code) => `%${code}`)],
  ['percent-encoded twice', (text) => inUrl(inUrl(text))],
  ['as a form', (text) => new URLSearchParams({ text }).toString()],
  ['with colours inside', (text) => insert(text, '\u001b[1;31m')],
  ['with a link of the terminal inside', (text) => insert(text, '\u001b]8;;http://x\u0007')],
  ['with escaped colours inside', (text) => insert(text, '\\u001b[0m')],
  ['with control characters inside', (text) => insert(text, '\u0000')],
  ['with a line break inside', (text) => `${text.slice(0, 12)}\n${text.slice(12)}`],
  ['with invisible characters inside', (text) => insert(text, '\u200b')],
  ['with a turn of direction inside', (text) => insert(text, '\u202e')],
];

/** Every form, of one secret after another; `turn` says which begins. */
export function echoes(turn: number): (readonly [name: string, text: string])[] {
  const secrets = Object.entries({ key: echoed.key, password: echoed.password, basic });
  const escaped = echoForms.map(([name, form], index) => {
    const [what = '', text = ''] = secrets[(index + turn) % secrets.length] ?? [];
    return [`${what} ${name}`, form(text)] as const;
  });
  return [...escaped, ['basic in the alphabet of URLs', Buffer.from(pair).toString('base64url')]];
}

/** Parts of a secret that can be read in a text, whatever escapes they hide behind: none if all is well. */
export function leaksIn(text: string): string[] {
  const readable = [text, ...undone(text)].map((version) => version.toLowerCase());
  return parts.filter((part) => readable.some((version) => version.includes(part)));
}

// --- internal ---

/** Every eight characters in a row: half a key is enough to have it rolled, not to be kept. */
const parts = [echoed.key, echoed.password, basic]
  .map((text) => text.toLowerCase())
  .flatMap((text) => Array.from({ length: text.length - 7 }, (_, at) => text.slice(at, at + 8)));

/** The text with one kind of escape after another undone, again and again. */
function undone(text: string): string[] {
  const versions: string[] = [];
  for (let last = text; versions.length < 5; versions.push(last)) {
    last = stripVTControlCharacters(last).replace(/[\p{Cc}\p{Cf}]/gu, '');
    last = last.replace(/\\u\{?([\da-f]{2,4})\}?|\\x([\da-f]{2})/gi, (_, u, x) =>
      String.fromCharCode(Number.parseInt(u ?? x, 16)),
    );
    last = last.replace(/\\(.)/g, '$1');
    last = last.replace(/&#x([\da-f]+);/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
    last = last.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
    for (const [sign, entity] of Object.entries(entities)) last = last.replaceAll(entity, sign);
    last = last.replace(/%([2-7][\da-f])/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
  }
  return versions;
}
