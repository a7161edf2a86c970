import { describe, expect, it } from 'vitest';
import { columnName, normalizeIdentifier, normalizePath } from '../../src/schema/naming.ts';
import { shortenTag } from '../../src/schema/tag.ts';
import { hasOracle, readOracle } from '../support/dlt-oracle.ts';

interface NamingOracle {
  readonly cases: readonly { in: string; identifier: string | { error: string }; path: string }[];
  readonly shortening: readonly { max: number; in: string; identifier: string }[];
}

const oracle = readOracle<NamingOracle>('naming.json', { cases: [], shortening: [] });

describe('normalizeIdentifier(name)', () => {
  it.each([
    ['HTTPServer', 'http_server'],
    ['iPhone15Pro', 'i_phone15_pro'],
    ['ABCd', 'ab_cd'],
    ['x-dezgo-job-amount-usd', 'x_dezgo_job_amount_usd'],
    ['event-.!:*<>value', 'event_x_value'],
    ['2nd place', '_2nd_place'],
    ['c++', 'cxx'],
    ['a!', 'ax'],
    ['a__b', 'a_b'],
    ['日本語', 'x'],
    ['a😀b', 'a_b'],
    ['a٣', 'a٣'],
    ['\u2003padded\u00a0', 'padded'],
    ['_dlt_id', '_dlt_id'],
    ['  ', ''],
  ])('makes %j %j', (name, expected) => {
    expect(normalizeIdentifier(name)).toBe(expected);
  });

  it.skipIf(!hasOracle)('gives what dlt gives', () => {
    const ours = oracle.cases.map((one) => ({ in: one.in, identifier: normalizeIdentifier(one.in) }));
    // A blank name is an error in dlt, nothing here.
    expect(ours).toEqual(
      oracle.cases.map((one) => ({ in: one.in, identifier: typeof one.identifier === 'string' ? one.identifier : '' })),
    );
  });
});

describe('normalizePath(path)', () => {
  it.each([
    ['a__b', 'a__b'],
    ['a___b', 'a___b'],
    ['__a', 'a'],
    ['a__', 'a'],
    ['fooBar__Baz-1', 'foo_bar__baz_1'],
    ['__', ''],
    ['', ''],
  ])('makes %j %j', (path, expected) => {
    expect(normalizePath(path)).toBe(expected);
  });

  it.skipIf(!hasOracle)('gives what dlt gives', () => {
    const ours = oracle.cases.map((one) => ({ in: one.in, path: normalizePath(one.in) }));
    expect(ours).toEqual(oracle.cases.map((one) => ({ in: one.in, path: one.path })));
  });
});

describe('columnName(key)', () => {
  it('is never empty, and keeps blank keys apart from keys of nothing but separators', () => {
    expect(columnName('')).toBe('_empty');
    expect(columnName(' \t')).toBe('_empty');
    expect(columnName('__')).toBe(`_empty__${shortenTag('__')}`);
    expect(columnName('____')).not.toBe(columnName('__'));
  });

  it('is the normalized path of any other key', () => {
    expect(columnName('job.input.model')).toBe('job_input_model');
  });
});

it('stands for a longer text with six letters and digits', () => {
  expect(shortenTag('fooBar')).toMatch(/^[a-z0-9]{6}$/);
  expect(shortenTag('foo_bar')).not.toBe(shortenTag('fooBar'));
});

it.skipIf(!hasOracle)('makes the tags that dlt shortens names with', () => {
  const { shortening } = oracle;
  const cut = shortening.filter(({ identifier, max }) => identifier.length === max);
  expect(cut.filter(({ in: name, identifier }) => !identifier.includes(shortenTag(name)))).toEqual([]);
  expect(cut).not.toEqual([]);
});
