import { expect, test } from 'vitest';
import { nearest } from '../../src/text/nearest.ts';

test.each([
  ['pth', ['path', 'params'], 'path'],
  ['dataset_nmae', ['dataset_name', 'name'], 'dataset_name'],
  ['dataSelector', ['data_selector'], 'data_selector'],
  ['Path', ['path'], 'path'],
  ['colour', ['name', 'client'], undefined],
  ['x', ['y'], undefined],
  ['', ['a'], undefined],
])('%s among %j is %s', (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});
