import { describe, expect, test } from 'vitest';
import { chainName, continuedChains } from '../../src/extract/continued-chains.ts';

const chains = (ids: string) => [...ids].map((id) => ({ id }));
const at = (chain: number, place: string | null = null) => ({
  chain,
  place: place === null ? null : { at: place },
  endpoint: 0,
  ignored: {},
});
const told = { added: [], leftOut: [], unwanted: [], unwantedPart: undefined };

describe('values that are resolved anew', () => {
  test.each([
    ['the same', 'abc', at(1), 'abc', { chains: chains('abc'), areChanged: false }],
    ['more', 'abc', at(1), 'xabcy', { chains: chains('axbcy'), areChanged: true, added: chains('xy') }],
    ['in another order', 'abcd', at(2), 'dcba', { chains: chains('abdc'), areChanged: true }],
    ['the same after the last', 'abc', at(3), 'abc', { chains: chains('abc'), areChanged: false }],
    ['more after the last', 'abc', at(3), 'abcd', { chains: chains('abcd'), areChanged: true, added: chains('d') }],
    [
      'without what was to come',
      'abcd',
      at(2),
      'ab',
      { chains: chains('ab'), areChanged: true, leftOut: chains('cd') },
    ],
    ['without what was read', 'abc', at(2), 'bc', { chains: chains('abc'), areChanged: false, unwanted: chains('a') }],
    ['without the one under way', 'abc', at(1, 'p2'), 'ac', { chains: chains('abc'), unwantedPart: { id: 'b' } }],
    ['none', 'ab', at(1), '', { chains: chains('a'), unwanted: chains('a'), leftOut: chains('b') }],
    ['where nothing was read', 'ab', null, 'bc', { chains: chains('bc'), added: chains('c'), leftOut: chains('a') }],
  ])('%s', (_, begun, position, wanted, expected) => {
    expect(continuedChains(chains(begun), position, chains(wanted))).toMatchObject({ ...told, ...expected });
  });

  test('are the same as numbers and as texts', () => {
    const { areChanged, chains } = continuedChains([{ id: 7 }, { id: '8' }], at(1), [{ id: '7' }, { id: 8 }]);
    expect({ areChanged, chains }).toEqual({ areChanged: false, chains: [{ id: 7 }, { id: '8' }] });
  });
});

test('a chain is named by its values', () => {
  expect(chainName({ id: 'a', region: 7 })).toBe('id = a, region = 7');
});
