import { describe, expect, it } from 'vitest';
import { jsonPath } from '../../src/json-path/json-path.ts';
import { selectorProblem } from '../../src/json-path/json-path-syntax.ts';

const body = { data: { items: [{ id: 1 }, { id: 2 }] }, 'x.y': [3], a: [{ c: 1 }, { c: 2 }], größe: 4, none: null };

describe('jsonPath', () => {
  it.each([
    ['$', [body]],
    ['data.items', [body.data.items]],
    ['$.data.items', [body.data.items]],
    ['data.items[*].id', [1, 2]],
    ['data.items[1].id', [2]],
    ["['x.y']", [[3]]],
    ["$['x.y']", [[3]]],
    ['$..id', [1, 2]],
    ['a[?@.c > 1]', [{ c: 2 }]],
    ['größe', [4]],
    ['none', [null]],
    ['none.more', []],
    ['data.missing', []],
    ['data.items.length', []],
    ['constructor', []],
  ])('%s', async (expression, expected) => {
    expect((await jsonPath(expression, 'data_selector')).matches(body)).toEqual(expected);
  });

  it.each([
    ["'x.y'", "Write `$['x.y']`."],
    ["data.'x.y'", "Write `$.data['x.y']`."],
    ['a[?c>1]', 'Write `$.a[?@.c>1]`.'],
    ['a[?(c>1)]', 'Write `$.a[?(@.c>1)]`.'],
    ['a[?c>1 & d<2]', 'Write `$.a[?@.c>1 && @.d<2]`.'],
    ["a[?name == 'x y']", "Write `$.a[?@.name == 'x y']`."],
  ])('shows the form of RFC 9535 for %s', async (expression, hint) => {
    await expect(jsonPath(expression, 'data_selector')).rejects.toMatchObject({ code: 'ConfigInvalid', hint });
  });

  it.each(['data.items[', '$.a.`len`', '$.', '', 'a b', '$data'])(
    'refuses %j and names the key',
    async (expression) => {
      await expect(jsonPath(expression, 'data_selector')).rejects.toMatchObject({
        code: 'ConfigInvalid',
        message: expect.stringContaining(`\`data_selector: ${expression}\` is not a JSONPath of RFC 9535`),
      });
    },
  );

  it('gives every one of 130,000 matches', async () => {
    const ids = Array.from({ length: 130_000 }, (_, id) => ({ id }));
    for (const expression of ['data[*]', 'data[?@.id >= 0]', 'data[*].id', 'data..id']) {
      expect((await jsonPath(expression, 'data_selector')).matches({ data: ids })).toHaveLength(130_000);
    }
  });

  it('descends 500 levels, and refuses to look for something below', async () => {
    const path = await jsonPath('$..x', 'data_selector');
    const nested = (levels: number) => JSON.parse(`${'[{"a":'.repeat(levels / 2)}{"x":1}${'}]'.repeat(levels / 2)}`);
    expect(path.matches(nested(400))).toEqual([1]);
    for (const levels of [600, 100_000]) {
      expect(() => path.matches(nested(levels))).toThrow(
        expect.objectContaining({ code: 'ReplyUnusable', exitCode: 5, message: expect.stringContaining('$..x') }),
      );
    }
  });

  it('follows thousands of brackets', async () => {
    const path = await jsonPath('[0]'.repeat(10_000), 'data_selector');
    expect(path.first(JSON.parse(`${'['.repeat(10_001)}${']'.repeat(10_001)}`))).toEqual([]);
  });

  it.each([`$[?${'('.repeat(50_000)}@.a${')'.repeat(50_000)}]`, `$${'[?@'.repeat(50_000)}${']'.repeat(50_000)}`])(
    'refuses thousands of brackets in a filter: %.10s',
    async (expression) => {
      await expect(jsonPath(expression, 'data_selector')).rejects.toMatchObject({
        code: 'ConfigInvalid',
        message: expect.stringMatching(/^.{0,400}too deeply$/),
      });
      expect(await selectorProblem(expression)).toMatch(/^.{0,400}too deeply$/);
    },
  );
});
