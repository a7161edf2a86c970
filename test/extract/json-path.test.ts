import { describe, expect, it } from 'vitest';
import { jsonPath } from '../../src/extract/json-path.ts';

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
});
