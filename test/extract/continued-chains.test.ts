import { describe, expect, test } from 'vitest';
import { chainName, continuedChains } from '../../src/extract/continued-chains.ts';

const chains = (ids: string) => [...ids].map((id) => ({ id }));
const seeds = (ids: string) => chains(ids).map((values) => ({ values }));
const at = (chain: number, place: string | null = null) => ({
  chain,
  place: place === null ? null : { at: place },
  endpoint: 0,
  ignored: {},
});
const told = { added: [], leftOut: [], unwanted: [], unwantedPart: undefined };

describe('values that are resolved anew', () => {
  test.each([
    ['the same', 'abc', at(1), 'abc', { seeds: seeds('abc'), areChanged: false }],
    ['more', 'abc', at(1), 'xabcy', { seeds: seeds('axbcy'), areChanged: true, added: chains('xy') }],
    ['in another order', 'abcd', at(2), 'dcba', { seeds: seeds('abdc'), areChanged: true }],
    ['the same after the last', 'abc', at(3), 'abc', { seeds: seeds('abc'), areChanged: false }],
    ['twice', 'aab', at(1), 'aabb', { seeds: seeds('aabb'), areChanged: true, added: chains('b') }],
    ['more after the last', 'abc', at(3), 'abcd', { seeds: seeds('abcd'), areChanged: true, added: chains('d') }],
    ['without what was to come', 'abcd', at(2), 'ab', { seeds: seeds('ab'), areChanged: true, leftOut: chains('cd') }],
    ['without what was read', 'abc', at(2), 'bc', { seeds: seeds('abc'), areChanged: false, unwanted: chains('a') }],
    ['without the one under way', 'abc', at(1, 'p2'), 'ac', { seeds: seeds('abc'), unwantedPart: { id: 'b' } }],
    ['none', 'ab', at(1), '', { seeds: seeds('a'), unwanted: chains('a'), leftOut: chains('b') }],
    ['where nothing was read', 'ab', null, 'bc', { seeds: seeds('bc'), added: chains('c'), leftOut: chains('a') }],
  ])('%s', (_, begun, position, wanted, expected) => {
    expect(continuedChains(chains(begun), position, seeds(wanted))).toMatchObject({ ...told, ...expected });
  });

  test('are the same as numbers and as texts', () => {
    const wanted = [{ values: { id: '7' } }, { values: { id: 8 } }];
    const continued = continuedChains([{ id: 7 }, { id: '8' }], at(1), wanted);
    expect(continued).toMatchObject({ areChanged: false, seeds: wanted, added: [] });
  });
});

test('a chain is named by its values', () => {
  expect(chainName({ id: 'a', region: 7 })).toBe('id = a, region = 7');
});
