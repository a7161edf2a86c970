import { describe, expect, it } from 'vitest';
import { ExactNumber } from '../../src/json/exact-number.ts';
import { jsonText, validJson } from '../../src/json/json-text.ts';

describe('jsonText(value)', () => {
  it('is compact, in document order, digit for digit', () => {
    const value = { b: [1, 2n ** 64n, new ExactNumber('0.10')], a: { c: null, d: undefined, e: false }, '': 'é"\n' };
    expect(jsonText(value)).toBe('{"b":[1,18446744073709551616,0.10],"a":{"c":null,"e":false},"":"é\\"\\n"}');
  });

  it('writes what JSON has no word for so that DuckDB still reads it', () => {
    expect(jsonText([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN])).toBe('[1e999,-1e999,"NaN"]');
    expect(jsonText({ '\udfff': 'a\ud800' })).toBe('{"\ufffd":"a\ufffd"}');
    expect(jsonText('😀')).toBe('"😀"');
  });

  it('is written however deep the value is', () => {
    const deep = `${'{"a":['.repeat(20_000)}1${']}'.repeat(20_000)}`;
    expect(jsonText(JSON.parse(deep)) === deep).toBe(true);
  });

  it('is null for nothing', () => {
    expect(jsonText(undefined)).toBe('null');
  });
});

describe('validJson(text)', () => {
  it('keeps the text as it is, without its outer blanks', () => {
    expect(validJson(' {"a": 1.0, "b": 12345678901234567890} ')).toBe('{"a": 1.0, "b": 12345678901234567890}');
    expect(validJson('"\\\\ud800"')).toBe('"\\\\ud800"');
    expect(validJson('"\\ud83d\\ude00"')).toBe('"\\ud83d\\ude00"');
  });

  it('keeps text however deep it is', () => {
    const deep = (text: string) => `${'[{"a":'.repeat(20_000)}"${text}"${'}]'.repeat(20_000)}`;
    expect(validJson(deep('\\ud83d\\ude00')) === deep('\\ud83d\\ude00')).toBe(true);
    expect(validJson(deep('\\ud800'))).toBeUndefined();
  });

  it.each(['', 'abc', '{', '[1,]', '007', 'NaN', '"\\ud800"', '{"a":"x\\\\\\ud800"}'])('refuses %j', (text) => {
    expect(validJson(text)).toBeUndefined();
  });
});
