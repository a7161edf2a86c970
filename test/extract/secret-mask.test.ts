import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/config/secret.ts';
import { parseJsonBody } from '../../src/extract/json-body.ts';
import { SecretMask } from '../../src/extract/secret-mask.ts';

const awkward = 'ab+cd/ef"g=h';

function maskOf(...values: string[]) {
  let count = 0;
  const secrets = values.map((value) => Secret.found('key', value, 'a test'));
  const mask = new SecretMask(secrets, (more) => {
    count += more;
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

describe('the mask of text', () => {
  it('hides the longer of two secrets whole', () => {
    expect(maskOf('abcd', 'abcdefgh').mask.text('abcdefgh abcd')).toBe('*** ***');
  });

  it('leaves a value of one to three characters alone', () => {
    expect(maskOf('a').mask.text('a banana')).toBe('a banana');
  });

  it('does not need a missing secret', () => {
    expect(new SecretMask([Secret.missing('key', ['env X'])], () => {}).text('x')).toBe('x');
  });
});
