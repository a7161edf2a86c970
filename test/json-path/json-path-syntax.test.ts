import { describe, expect, it } from 'vitest';
import { plainNames, selectorProblem } from '../../src/json-path/json-path-syntax.ts';

describe('plainNames', () => {
  it.each([
    ['$', []],
    ['data', ['data']],
    [' $.data.items ', ['data', 'items']],
    ['größe', ['größe']],
    ['data[*]', undefined],
    ['', undefined],
  ])('of %j', (expression, names) => {
    expect(plainNames(expression)).toEqual(names);
  });
});

describe('selectorProblem', () => {
  it.each(['$', 'data.items', 'data[*].id', "$['x.y']", '[0]', 'a[?@.c > 1]', '$..id'])(
    'finds none in %s',
    async (right) => {
      expect(await selectorProblem(right)).toBeUndefined();
    },
  );

  it.each(['data.items[', '$.', '', 'a b', '$data'])('finds that %j is no JSONPath', async (wrong) => {
    expect(await selectorProblem(wrong)).toContain(`\`${wrong}\` is not a JSONPath of RFC 9535: `);
  });

  it("shows the form of RFC 9535 for jsonpath-ng's", async () => {
    expect(await selectorProblem('a[?c>1]')).toMatch(/; write `\$\.a\[\?@\.c>1\]`$/);
  });
});
