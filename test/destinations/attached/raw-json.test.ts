import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rawJson, rawText, sortedText } from '../../../src/load/staging/raw-json.ts';

describe('rawJson', () => {
  it('keeps numbers, strings and the order of keys as they were written', () => {
    const text = '{"b":[1.0,-0,1e-7,12345678901234567890,true,null,"\\u00e9\\"}{,:"],"10":{},"2":[],"a":{"x":[[]]}}';

    expect(rawText(rawJson(text))).toBe(text);
  });

  it('drops blanks between the parts', () => {
    expect(rawText(rawJson(' { "a" : [ 1 ,\n2 ] } '))).toBe('{"a":[1,2]}');
  });

  it('sorts keys at every level by their UTF-8 bytes', () => {
    expect(sortedText(rawJson('{"b":1.0,"a":[{"z":1,"\u{1F600}":3,"\uFF5E":2}]}'))).toBe(
      '{"a":[{"z":1,"\uFF5E":2,"\u{1F600}":3}],"b":1.0}',
    );
  });

  it('means what JSON.parse means', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(JSON.parse(rawText(rawJson(text)))).toEqual(JSON.parse(text));
        expect(JSON.parse(sortedText(rawJson(text)))).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each(['', '{', '[1,]', '{"a":01}', 'nothing'])('refuses %j', (text) => {
    expect(() => rawJson(text)).toThrow(SyntaxError);
  });
});
