import { describe, expect, test } from 'vitest';
import type { Rejection } from '../../src/findings.ts';
import type { ResourceRules } from '../../src/normalize/resource-normalizer.ts';
import { type Contract, resolveContract } from '../../src/schema/contract.ts';
import type { TableSchema } from '../../src/schema/table-schema.ts';
import { normalize } from '../support/normalized.ts';

const root: TableSchema = {
  name: 't',
  resource: 't',
  columns: {
    id: { name: 'id', data_type: 'bigint' },
    n: { name: 'n', data_type: 'bigint' },
  },
};

/** Normalizes into a table that the destination has, with `id` and `n`; also its nested tables `t__known`. */
async function under(contract: Partial<Contract>, records: readonly unknown[], changes: Partial<ResourceRules> = {}) {
  const rejections: Rejection[] = [];
  const normalized = await normalize(records, {
    root: structuredClone(root),
    contract: () => ({ ...resolveContract(), ...contract }),
    isNew: (table) => table !== 't' && table !== 't__known',
    findings: { count: () => undefined, reject: (rejection) => rejections.push(rejection) },
    ...changes,
  });
  return { ...normalized, rejections };
}

describe('a new column', () => {
  test('freeze refuses it, naming table, column and value', async () => {
    await expect(under({ columns: 'freeze' }, [{ id: 1, extra: 'x' }])).rejects.toMatchObject({
      code: 'ContractViolated',
      message: expect.stringMatching(/columns: freeze.*column extra of table t.*x/),
      exitCode: 7,
    });
  });

  test('discard_value leaves the value out and keeps the row', async () => {
    const { rows, rejections, documents } = await under({ columns: 'discard_value' }, [
      { id: 1, extra: 'x' },
      { id: 2 },
    ]);
    expect(await rows('t')).toEqual([
      { '#row': 0, id: 1n },
      { '#row': 1, id: 2n },
    ]);
    expect(rejections).toEqual([
      {
        table: 't',
        column: 'extra',
        reason: 'columns: discard_value',
        record: 'x',
        row: { id: 1, extra: 'x' },
        kind: 'value',
        count: 1,
      },
    ]);
    expect(documents.t?.columns.extra).toBeUndefined();
  });

  test('discard_row takes the row back, whatever of it and its lists was written before', async () => {
    const records = [
      { id: 1, known: [{ v: 1 }] },
      { id: 2, known: [{ v: 2 }, { v: 3 }], extra: 'x' },
      { id: 3, known: [{ v: 4 }] },
    ];
    const { rows, rejections } = await under({ columns: 'discard_row' }, records, {
      nestedTable: (name) => ({ name, columns: { v: { name: 'v', data_type: 'bigint' } } }),
    });
    expect(await rows('t')).toEqual([
      { '#row': 0, id: 1n },
      { '#row': 1, id: 3n },
    ]);
    expect(await rows('t__known')).toEqual([
      { '#row': 0, '#parent': 0, '#root': 0, '#index': 0, v: 1n },
      { '#row': 1, '#parent': 1, '#root': 1, '#index': 0, v: 4n },
    ]);
    expect(rejections).toEqual([
      { table: 't', column: 'extra', reason: 'columns: discard_row', record: records[1], kind: 'row', count: 1 },
    ]);
  });

  test('discard_row in a nested table takes back only the nested row', async () => {
    const records = [{ id: 1, known: [{ v: 1 }, { v: 2, extra: true }] }];
    const { rows, rejections } = await under({ columns: 'discard_row' }, records, {
      nestedTable: (name) => ({ name, columns: { v: { name: 'v', data_type: 'bigint' } } }),
    });
    expect(await rows('t')).toHaveLength(1);
    expect(await rows('t__known')).toMatchObject([{ '#row': 0, v: 1n }]);
    expect(rejections).toMatchObject([{ table: 't__known', column: 'extra', kind: 'row' }]);
  });

  test('a row that is taken back leaves nothing in the buffers', async () => {
    const { rows } = await under({ columns: 'discard_row' }, [{ id: 1, n: 7, extra: 1 }, { id: 2 }]);
    expect(await rows('t')).toEqual([{ '#row': 0, id: 2n, n: null }]);
  });

  test('null never asks for a column', async () => {
    const { rejections } = await under({ columns: 'freeze' }, [{ id: 1, extra: null }]);
    expect(rejections).toEqual([]);
  });

  test('a table that the destination does not have gets its columns', async () => {
    const { rows } = await under({ columns: 'freeze' }, [{ id: 1, fresh: [{ v: 1 }] }]);
    expect(await rows('t__fresh')).toMatchObject([{ v: 1n }]);
  });
});

describe('a new type of a column', () => {
  test('freeze refuses it', async () => {
    await expect(under({ data_type: 'freeze' }, [{ id: 'no number' }])).rejects.toMatchObject({
      code: 'ContractViolated',
      facts: { entity: 'data_type', table: 't', column: 'id__v_text', value: 'no number' },
    });
  });

  test('discard_value leaves null, discard_row drops the row', async () => {
    const values = await under({ data_type: 'discard_value' }, [{ id: 1, n: 'x' }]);
    expect(await values.rows('t')).toEqual([{ '#row': 0, id: 1n, n: null }]);
    expect(values.rejections).toMatchObject([{ column: 'n__v_text', record: 'x', kind: 'value' }]);
    const rows = await under({ data_type: 'discard_row' }, [{ id: 1, n: 'x' }, { id: 2 }]);
    expect(await rows.rows('t')).toEqual([{ '#row': 0, id: 2n, n: null }]);
  });

  test('a value that the column can take asks nothing', async () => {
    const { rows } = await under({ data_type: 'freeze' }, [{ id: '12' }]);
    expect(await rows('t')).toEqual([{ '#row': 0, id: 12n }]);
  });
});

describe('a new table', () => {
  test('freeze refuses a nested one', async () => {
    await expect(under({ tables: 'freeze' }, [{ id: 1, fresh: [1] }])).rejects.toMatchObject({
      facts: { entity: 'tables', table: 't__fresh', column: null },
    });
  });

  test.each(['discard_row', 'discard_value'] as const)(
    '%s leaves its rows out and keeps the parent',
    async (tables) => {
      const { rows, rejections, documents } = await under({ tables }, [
        { id: 1, fresh: [1, 2] },
        { id: 2, fresh: [3] },
      ]);
      expect(await rows('t')).toHaveLength(2);
      expect(Object.keys(documents)).toEqual(['t']);
      expect(rejections).toMatchObject([
        { table: 't__fresh', kind: 'row', count: 2, record: [1, 2] },
        { table: 't__fresh', kind: 'row', count: 1 },
      ]);
    },
  );

  test('a whole resource can be left out', async () => {
    const { rejections } = await under({ tables: 'discard_row' }, [{ id: 1 }], { isNew: () => true });
    expect(rejections).toMatchObject([{ table: 't', kind: 'row', count: 1 }]);
  });
});
