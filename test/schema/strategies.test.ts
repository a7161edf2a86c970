import { describe, expect, it, test } from 'vitest';
import {
  configuredStrategy,
  documentStrategy,
  keyStrategies,
  mergeStrategies,
  versionStrategies,
} from '../../src/schema/strategies.ts';

describe('configuredStrategy(disposition)', () => {
  test.each([
    [{ disposition: 'append' }, 'append'],
    [{ disposition: 'replace' }, 'replace'],
    [{ disposition: 'merge' }, 'delete-insert'],
    [{ disposition: 'merge', strategy: 'scd2' }, 'scd2'],
    [{ disposition: 'skip' }, undefined],
  ] as const)('is for %j: %s', (written, strategy) => {
    expect(configuredStrategy(written)).toBe(strategy);
  });
});

describe('documentStrategy(table)', () => {
  it('appends to a table whose document says nothing', () => {
    expect(documentStrategy({})).toBe('append');
  });

  it('looks at the strategy of a merge alone', () => {
    expect(documentStrategy({ write_disposition: 'merge', 'x-merge-strategy': 'upsert' })).toBe('upsert');
    expect(documentStrategy({ write_disposition: 'replace', 'x-merge-strategy': 'upsert' })).toBe('replace');
  });

  it('takes a strategy that only a newer dlt knows for the default of merge', () => {
    const written: object = { write_disposition: 'merge', 'x-merge-strategy': 'of-tomorrow' };
    expect(documentStrategy(written)).toBe('delete-insert');
  });
});

it('every strategy of merge goes by a key or keeps versions', () => {
  expect([...keyStrategies, ...versionStrategies].sort()).toEqual([...mergeStrategies].sort());
  expect(versionStrategies).toEqual(['scd2']);
});
