import { describe, expect, it } from 'vitest';
import { PipelineError } from '../../src/errors.ts';
import { prescribedKey } from '../../src/schema/prescribed-key.ts';
import { keyHash, rowHash } from '../../src/schema/row-id.ts';
import type { TableSchema } from '../../src/schema/table-schema.ts';

function table(strategy: TableSchema['x-merge-strategy'], columns: TableSchema['columns']): TableSchema {
  return {
    name: 'models',
    write_disposition: 'merge',
    ...(strategy === undefined ? {} : { 'x-merge-strategy': strategy }),
    columns,
  };
}

const key = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { name, primary_key: true }]));

describe('prescribedKey(root)', () => {
  it('is none where dlt prescribes nothing', () => {
    expect(prescribedKey(table(undefined, key('id')))).toBeNull();
    expect(prescribedKey(table('delete-insert', key('id')))).toBeNull();
    expect(prescribedKey({ ...table('upsert', key('id')), write_disposition: 'append' })).toBeNull();
    expect(prescribedKey(table('scd2', { etag: { name: 'etag', 'x-row-version': true } }))).toBeNull();
  });

  it.each(['upsert', 'insert-only'] as const)('is the hash of the key under %s', (strategy) => {
    const keyOf = prescribedKey(table(strategy, key('id')));
    expect(keyOf?.({ id: 1, v: 'a' })).toBe('z5jIxXIbUnmbKw');
  });

  it('finds key columns by their normalized names, also inside objects', () => {
    const keyOf = prescribedKey(table('upsert', key('user_id', 'meta__job_id')));
    expect(keyOf?.({ userId: 7, meta: { 'job.id': 'x' } })).toBe(keyHash({ user_id: 7, meta__job_id: 'x' }));
  });

  it('prefers the key that is the very name', () => {
    const keyOf = prescribedKey(table('upsert', key('user_id')));
    expect(keyOf?.({ userId: 1, user_id: 2 })).toBe(keyHash({ user_id: 2 }));
  });

  it('refuses a record without its key', () => {
    const keyOf = prescribedKey(table('upsert', key('id', 'day')));
    for (const record of [{ id: 1 }, { id: 1, day: null }, 5]) {
      expect(() => keyOf?.(record)).toThrow(PipelineError);
    }
    expect(() => keyOf?.({ id: 1 })).toThrow('no value for its key column day');
  });

  it('is the hash of the record under scd2', () => {
    const keyOf = prescribedKey(table('scd2', { _dlt_id: { name: '_dlt_id', 'x-row-version': true } }));
    expect(keyOf?.({ id: 1, v: 'a' })).toBe('lknCZL/MuP9QCg');
    expect(keyOf?.('x')).toBe(rowHash({ value: 'x' }));
  });

  it('finds the key that the destination has no room for', () => {
    const limit = { longest: 63, unit: 'bytes', system: ['ctid'] } as const;
    expect(prescribedKey(table('upsert', key('ctidx')), limit)?.({ ctid: 1 })).toBe(keyHash({ ctidx: 1 }));
  });
});
