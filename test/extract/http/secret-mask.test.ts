import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/config/secret.ts';
import { SecretMask } from '../../../src/extract/http/secret-mask.ts';
import { unescaped } from '../../../src/extract/http/unescaped.ts';
import { parseJsonBody } from '../../../src/extract/reply/json-body.ts';

const awkward = 'ab+cd/ef"g=h';

function maskOf(...values: string[]) {
  let count = 0;
  const secrets = values.map((value) => Secret.found('key', value, 'a test'));
  const mask = new SecretMask(secrets, {
    count: (_, more) => {
      count += more;
    },
  });
  const parse = (text: string) => parseJsonBody(Buffer.from(text), { exactNumbers: false, mask });
  return { mask, parse, count: () => count };
}

describe('a secret that a reply repeats', () => {
  it('is masked in values and keys, and counted', async () => {
    const { parse, count } = maskOf('TOPSECRET');
    expect(await parse('{"echo": "key=TOPSECRET!", "list": ["TOPSECRET"], "TOPSECRET": 1, "x": 2}')).toEqual({
      echo: 'key=***!',
      list: ['***'],
      '***': 1,
      x: 2,
    });
    expect(count()).toBe(3);
  });

  it.each([
    ['as JSON.stringify writes it', JSON.stringify(awkward)],
    ['with the escapes of .NET', '"ab\\u002Bcd/ef\\u0022g=h"'],
    ['with the escapes of PHP', '"ab+cd\\/ef\\"g=h"'],
    ['as a part of a URL', `"https://x/?key=${encodeURIComponent(awkward)}"`],
  ])('is found %s', async (_, text) => {
    const { parse } = maskOf(awkward);
    expect(await parse(`{"a": ${text}}`)).toMatchObject({ a: expect.stringMatching(/^(https:\/\/x\/\?key=)?\*\*\*$/) });
  });

  it('is masked also where it holds half of a surrogate pair', async () => {
    expect(await maskOf('KEY\ud800KEY').parse('{"a": "KEY%EF%BF%BDKEY"}')).toEqual({ a: '***' });
  });

  it.each([
    ['a\nTOPSECRET\nb', 'a\n***\nb'],
    ['<b>T\u001b[1mOPSECRET</b> \\u00e4', '<b>***</b> \\u00e4'],
    ['%20%54OPSECRET%20 &#84;OPSECRET&amp; \\u0054OPSECRET\\n', '%20***%20 ***&amp; ***\\n'],
    ['{"in": "{\\"in\\": \\"\\\\u0054OPSECRET\\"}"}', '{"in": "{\\"in\\": \\"***\\"}"}'],
  ])('is cut out of %j alone', async (text, rest) => {
    const { parse } = maskOf('TOPSECRET');
    expect(await parse(JSON.stringify([text]))).toEqual([rest]);
  });

  it('that is long is found in any case', async () => {
    const { parse } = maskOf('KEY-0123456789AB');
    expect(await parse('["https://key-0123456789ab.example.test/"]')).toEqual(['https://***.example.test/']);
  });

  it('of an Authorization header is what follows the scheme, for Basic also its password', async () => {
    const { parse } = maskOf(`Basic ${Buffer.from('me:hunter22').toString('base64')}`, 'Bearer tkn-1234');
    expect(await parse('["Basic bWU6aHVudGVyMjI=", "hunter22", "tkn-1234"]')).toEqual(['Basic ***', '***', '***']);
  });

  it('is masked where it is a number, and the JSON stays whole', async () => {
    const { parse, count } = maskOf('12345678');
    expect(await parse('{"pin": 12345678, "other": 123456789}')).toEqual({ pin: '***', other: 123456789 });
    expect(count()).toBe(1);
  });

  it('leaves a reply without it untouched', async () => {
    const { parse, count } = maskOf('TOPSECRET');
    expect(await parse('{"a": "topsecret"}')).toEqual({ a: 'topsecret' });
    expect(count()).toBe(0);
  });

  it('is masked at any depth', async () => {
    const { parse } = maskOf('TOPSECRET');
    const text = `${'['.repeat(5000)}"TOPSECRET"${']'.repeat(5000)}`;
    let value = await parse(text);
    while (Array.isArray(value)) value = value[0];
    expect(value).toBe('***');
  });
});

describe('a reply', () => {
  /** Any but half a surrogate pair: `binary`, which takes a second to find out how it would shrink. */
  const character = fc.nat(0x10f7ff).map((code) => String.fromCodePoint(code < 0xd800 ? code : code + 0x800));

  it('without a secret stays as it is, whatever it holds', async () => {
    const { parse, count } = maskOf('TOPSECRET', 'ab+cd/ef"g=h', 'x%41y&lt;z\\u0041');
    await fc.assert(
      fc.asyncProperty(fc.json({ stringUnit: character }), async (text) => {
        expect(await parse(text)).toEqual(await maskOf().parse(text));
      }),
      { numRuns: 100 },
    );
    expect(count()).toBe(0);
  });
});

describe('a text undone of its escapes', () => {
  it.each([
    ['plain', 'plain'],
    ['\\u0041\\x42\\u{43}\\/\\"', 'ABC/"'],
    ['\\\\\\\\u0041', 'A'],
    ['%41%2f%C3%B6%2541', 'A/öA'],
    ['&#65;&#x41;&amp;lt;&sol;&unknown;', 'AA</&unknown;'],
    ['a\u001b[1;31mb\u001b]0;title\u0007c\nd\u200be\\u001b[0mf', 'abcdef'],
    ['lone \\', 'lone \\'],
  ])('%j reads %j', (text, plain) => {
    expect(unescaped(text).text).toBe(plain);
  });

  it('knows where every character stood', () => {
    const text = 'a%2541\\\\u0042\nc&#100;';
    const { text: plain, span } = unescaped(text);
    expect(plain).toBe('aABcd');
    expect([...plain].map((_, at) => text.slice(...span(at, at + 1)))).toEqual([
      'a',
      '%2541',
      '\\\\u0042',
      'c',
      '&#100;',
    ]);
  });

  it('takes time in proportion to its length, whatever it holds', () => {
    for (const unit of ['\\', '%', '&#', '\u001b[', '\u001b]', '\u001b[0', '\\u', '/', '\n', '&amp;', '%25'])
      expect(unescaped(unit.repeat(50_000)).text.length).toBeLessThanOrEqual(unit.length * 50_000);
  });
});

describe('what is quoted of a text', () => {
  const { mask } = maskOf('TOPSECRET-0123456789');

  it.each([0, 1, 5, 19, 20, 25])('never begins or ends within a secret: from %i on', (start) => {
    const text = `${'x'.repeat(10)}TOPSECRET-0123456789${'y'.repeat(60)}`;
    for (const length of [5, 12, 20, 30]) expect(mask.quote(text, length, start)).toMatch(/^x*(\*{1,3})?y*…?$/);
  });

  it.each([' ', '\n', '\u001b[0m'])('is cut after blanks are, not before: %j', (blank) => {
    const text = `${blank.repeat(19_995)}TOPSECRET-0123456789`;
    expect(mask.quote(text)).toMatch(/^(\*{3})?$/);
  });

  it('is one line', () => {
    expect(mask.quote('a\r\n\tb\u001b[2J  c\u202e')).toBe('a b c');
  });
});

describe('the mask of text', () => {
  it('hides the longer of two secrets whole', () => {
    expect(maskOf('abcd', 'abcdefgh').mask.text('abcdefgh abcd')).toBe('*** ***');
  });

  it('leaves a value of one to three characters alone', () => {
    expect(maskOf('a').mask.text('a banana')).toBe('a banana');
  });

  it('does not need a missing secret', () => {
    expect(new SecretMask([Secret.missing('key', ['env X'])], { count: () => undefined }).text('x')).toBe('x');
  });
});
