import { describe, expect, it } from 'vitest';
import { sortedJson } from '../../src/json/sorted-json.ts';
import { childRowId, keyHash, keyPrefix, rowHash } from '../../src/schema/row-id.ts';
import { hasOracle, readOracle } from '../support/dlt-oracle.ts';

interface RowIdOracle {
  readonly child_ids: readonly { parent_id: string; table: string; idx: number; _dlt_id: string }[];
  readonly row_hashes: readonly { row: Record<string, unknown>; row_hash?: string; pk_hash_id?: string | null }[];
}

const oracle = readOracle<RowIdOracle>('row_ids.json', { child_ids: [], row_hashes: [] });

describe('childRowId(parentId, table, index)', () => {
  it('is the id that dlt gives', () => {
    expect(childRowId('abc', 'models__tags', 10)).toBe('B3Gp6dgeYb7ISQ');
  });

  it.skipIf(!hasOracle)('is the id that dlt gave', () => {
    const ours = oracle.child_ids.map((one) => childRowId(one.parent_id, one.table, one.idx));
    expect(ours).toEqual(oracle.child_ids.map((one) => one._dlt_id));
  });
});

describe('rowHash(record) and keyHash(values)', () => {
  it('do not depend on the order of keys, and leave out what dlt added', () => {
    expect(rowHash({ v: 'a', id: 1, _dlt_id: 'x', _dlt_load_id: '1' })).toBe('lknCZL/MuP9QCg');
    expect(rowHash({ id: 1, v: 'a' })).toBe('lknCZL/MuP9QCg');
    expect(keyHash({ id: 1 })).toBe('z5jIxXIbUnmbKw');
  });

  it.skipIf(!hasOracle)('are those that dlt gave, but for 1.0, which JSON.parse cannot tell from 1', () => {
    const hashes = oracle.row_hashes.filter(({ row_hash }) => row_hash !== undefined);
    const differing = hashes.filter(({ row, row_hash }) => rowHash(row) !== row_hash);
    expect(differing.map(({ row }) => row)).toEqual([{ a: 1 }]);
    const keys = oracle.row_hashes.filter(({ pk_hash_id }) => typeof pk_hash_id === 'string');
    expect(keys.map(({ row }) => keyHash({ id: row.id }))).toEqual(keys.map(({ pk_hash_id }) => pk_hash_id));
  });
});

describe('sortedJson(value)', () => {
  it.each([
    [0.5, '0.5'],
    [1e-5, '0.00001'],
    [1e-6, '1e-6'],
    [1e16, '1e+16'],
    [1e22, '1e+22'],
    [123456789012345680, '1.2345678901234568e+17'],
    [2 ** 53, '9007199254740992.0'],
    [5e-324, '5e-324'],
    [-0, '-0.0'],
    [2n ** 60n, '1152921504606846976'],
    ['é\u2028\u007f\u001f/\\"', '"é\u2028\u007f\\u001f/\\\\\\""'],
    [[null, true, undefined], '[null,true,null]'],
    [{ b: { d: 1, c: 2 }, a: undefined }, '{"b":{"c":2,"d":1}}'],
  ])('writes %o as orjson does', (value, text) => {
    expect(sortedJson(value)).toBe(text);
  });

  it('sorts keys by UTF-8 bytes, not by UTF-16', () => {
    expect(sortedJson({ '😀': 1, '\uffff': 2, a: 3 })).toBe('{"a":3,"\uffff":2,"😀":1}');
  });
});

describe('keyPrefix(loadId, table)', () => {
  it('has eight characters, others for another load or table', () => {
    const prefix = keyPrefix('1749667187.541553', 'models');
    expect(prefix).toMatch(/^[A-Za-z0-9+/]{8}$/);
    expect(keyPrefix('1749667187.541553', 'models')).toBe(prefix);
    expect(keyPrefix('1749667187.541554', 'models')).not.toBe(prefix);
    expect(keyPrefix('1749667187.541553', 'models__tags')).not.toBe(prefix);
  });
});
