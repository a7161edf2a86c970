import { describe, expect, it } from 'vitest';
import { prettyJson } from '../../src/json/pretty-json.ts';

describe('pretty JSON', () => {
  it.each([
    [
      '{"a":[1.10,{"b":null}],"a":1e400}',
      '{\n  "a": [\n    1.10,\n    {\n      "b": null\n    }\n  ],\n  "a": 1e400\n}',
    ],
    ['[{} ,[ ], "x: {,}\\"[" ]', '[\n  {},\n  [],\n  "x: {,}\\"["\n]'],
    [' "\\u00e9" ', '"\\u00e9"'],
    ['12345678901234567890.00', '12345678901234567890.00'],
  ])('has a line a member, and numbers and texts as they were: %s', (text, pretty) => {
    expect(prettyJson(text)).toBe(pretty);
  });

  it('is undefined for what is no JSON', () => {
    expect([prettyJson('{"a":1'), prettyJson('a,b\n1,2'), prettyJson('')]).toEqual([undefined, undefined, undefined]);
  });
});
