import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SecretMask } from '../../../src/extract/http/secret-mask.ts';
import { hasLongNumber, parseJsonBody } from '../../../src/extract/reply/json-body.ts';
import { parseExactJson } from '../../../src/json/exact-json.ts';
import { ExactNumber } from '../../../src/json/exact-number.ts';

const noMask = new SecretMask([], { count: () => undefined });

function parse(text: string | Buffer, exactNumbers = false): Promise<unknown> {
  return parseJsonBody(Buffer.from(text), { exactNumbers, mask: noMask });
}

describe('parseJsonBody', () => {
  it('gives integers beyond 2^53 as bigint, safe ones as number', async () => {
    expect(await parse('[9007199254740993, 9007199254740991, -12345678901234567890, 1]')).toEqual([
      9007199254740993n,
      9007199254740991,
      -12345678901234567890n,
      1,
    ]);
    expect(await parse('1234567890123456789012345678901234567890')).toBe(1234567890123456789012345678901234567890n);
  });

  it('gives long fractions exactly only where a hint asks for it', async () => {
    const text = '{"a": 0.12345678901234567890, "b": 4.2729, "c": 1234567890.1234567}';
    expect(await parse(text)).toEqual({ a: 0.12345678901234568, b: 4.2729, c: 1234567890.1234567 });
    expect(await parse(text, true)).toEqual({
      a: new ExactNumber('0.12345678901234567890'),
      b: 4.2729,
      c: new ExactNumber('1234567890.1234567'),
    });
  });

  it('keeps numbers beyond the range of doubles on the exact path', async () => {
    expect(await parse('[1.0000000000000000000, 1e400, 1e-400, 0e5, -0]', true)).toEqual([
      1,
      new ExactNumber('1e400'),
      new ExactNumber('1e-400'),
      0,
      -0,
    ]);
  });

  it('lets the last of duplicate keys win on both paths', async () => {
    expect(await parse('{"a": 1, "a": {"b": 2}}')).toEqual({ a: { b: 2 } });
    expect(await parse('{"a": 1, "a": {"b": 2}, "n": 12345678901234567890}')).toEqual({
      a: { b: 2 },
      n: 12345678901234567890n,
    });
  });

  it.each(['1', '12345678901234567890'])('takes `__proto__` as a key like any other, beside %s', async (number) => {
    const value = await parse(`{"__proto__": {"a": 1}, "n": ${number}}`);
    expect(Object.keys(value as object)).toEqual(['__proto__', 'n']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it('turns a lone surrogate into U+FFFD, in keys too, and leaves pairs and escaped backslashes', async () => {
    expect(await parse(String.raw`{"\udc00k": "a\ud800b", "pair": "\ud83d\ude00", "text": "\\ud800"}`)).toEqual({
      '\ufffdk': 'a\ufffdb',
      pair: '😀',
      text: '\\ud800',
    });
  });

  it('skips a byte order mark', async () => {
    expect(await parse(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('{"a":1}')]))).toEqual({ a: 1 });
  });

  it.each(['', '{', '[1,]', '{"a":1}}', '01', "{'a':1}", '[12345678901234567890,]', '{"a":12345678901234567890'])(
    'refuses %j',
    async (text) => {
      await expect(parse(text)).rejects.toThrow(SyntaxError);
    },
  );
});

describe('hasLongNumber', () => {
  it.each([
    ['9007199254740991', false],
    ['9007199254740992', true],
    ['{"us":1690000000000000}', false],
    ['{"id":"12345678901234567890"}', false],
    ['0.12345678901234567890', false],
    ['[0,-12345678901234567]', true],
  ])('of %s is %s', (text, expected) => {
    expect(hasLongNumber(Buffer.from(text), false)).toBe(expected);
  });

  it('sees every integer beyond 2^53, wherever it stands', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 2n ** 53n, max: 10n ** 40n }), fc.string(), fc.jsonValue(), (n, text, other) => {
        const json = `${JSON.stringify([text, other]).slice(0, -1)},${n}]`;
        expect(hasLongNumber(Buffer.from(json), false)).toBe(true);
      }),
    );
  });
});

describe('the exact parser', () => {
  it('agrees with JSON.parse on every JSON whose numbers are doubles', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(withoutBigInts(parseExactJson(text, false))).toStrictEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it('takes a long text in one piece', () => {
    const content = 'f'.repeat(4_000_000);
    const text = `{"image": "${content}", "n": 12345678901234567890}`;
    const before = process.memoryUsage().heapUsed;
    const value = parseExactJson(text, false);
    expect((process.memoryUsage().heapUsed - before) / content.length).toBeLessThan(8); // a character at a time took 32 each
    expect(value).toEqual({ image: content, n: 12345678901234567890n });
  });

  it('takes what is nested deeper than a stack', () => {
    const depth = 100_000;
    let value: unknown = parseExactJson(`${'[{"a":'.repeat(depth)}12345678901234567890${'}]'.repeat(depth)}`, false);
    for (let level = 0; level < depth; level += 1) value = Object.values(Object.values(value ?? {})[0] ?? {})[0];
    expect(value).toBe(12345678901234567890n);
  });

  it('keeps the digits of every number', () => {
    const digits = fc.stringMatching(/^-?(0|[1-9]\d{0,30})(\.\d{1,30})?([eE][+-]?\d{1,3})?$/);
    fc.assert(
      fc.property(digits, (text) => {
        const value = parseExactJson(text, true);
        if (typeof value === 'bigint') expect(String(value)).toBe(text.replace(/^-0$/, '0'));
        else if (value instanceof ExactNumber) expect(value.text).toBe(text);
        else expect(sameDecimal(String(value), text)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

/** `1e21` and `1000000000000000000000` are the same double to JSON.parse. */
function withoutBigInts(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(withoutBigInts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutBigInts(member)]));
}

/** True if two decimal texts are the same number. */
function sameDecimal(a: string, b: string): boolean {
  return normalized(a) === normalized(b);
}

function normalized(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const trimmed = digits.replace(/0+$/, '');
  if (trimmed === '') return '0';
  return `${sign}${trimmed}e${Number(exponent) - fraction.length + digits.length - trimmed.length}`;
}
