import { describe, expect, it, test } from 'vitest';
import { planTable, schemaChanges, type TablePlanParts } from '../../src/load/table-plan.ts';
import { actualTable } from './catalogues.ts';

const id = { name: 'id', data_type: 'bigint', nullable: false } as const;
const price = { name: 'price', data_type: 'double' } as const;

function parts(changes: Partial<TablePlanParts> = {}): TablePlanParts {
  return {
    schema: { name: 'models', columns: { id, price } },
    root: 'models',
    actual: null,
    rows: 1,
    ownKeys: false,
    firstValues: {},
    widened: new Set(),
    fixed: false,
    ...changes,
  };
}

describe('planTable(parts)', () => {
  test.each([
    ['that is not there is made', null, 'create'],
    ['that has every column is kept', actualTable('models', { id: 'BIGINT!', price: 'DOUBLE' }), 'keep'],
    ['gets columns that may be null', actualTable('models', { id: 'BIGINT!' }), 'add columns'],
    ['is made anew for a column that may not', actualTable('models', { price: 'DOUBLE' }), 'rebuild'],
    ['is made anew for a key that could be null', actualTable('models', { id: 'BIGINT', price: 'DOUBLE' }), 'rebuild'],
  ] as const)('a table %s', (_, actual, action) => {
    expect(planTable(parts({ actual })).action).toBe(action);
  });

  it('makes a table anew for a column that widens, and only then changes its type', () => {
    const actual = actualTable('models', { id: 'BIGINT!', price: 'BIGINT' });
    const typeOf = (widened: readonly string[]) => {
      const plan = planTable(parts({ actual, widened: new Set(widened) }));
      return [plan.action, plan.columns.find(({ name }) => name === 'price')?.type];
    };
    expect(typeOf(['price'])).toEqual(['rebuild', 'DOUBLE']);
    expect(typeOf([])).toEqual(['keep', 'BIGINT']);
  });

  it('lets columns stay null where the table cannot be made anew', () => {
    const plan = planTable(parts({ actual: actualTable('models', { price: 'DOUBLE' }), fixed: true }));
    expect(plan).toMatchObject({
      action: 'add columns',
      columns: [{ name: 'id', required: false }, { name: 'price' }],
    });
  });

  it('finds columns whatever the case of their letters', () => {
    expect(planTable(parts({ actual: actualTable('models', { ID: 'BIGINT!', Price: 'DOUBLE' }) })).action).toBe('keep');
  });

  it('plans no column that never had a value, and none that the destination generates', () => {
    const schema = { name: 'models', columns: { id, hinted: { name: 'hinted', primary_key: true }, price } };
    const actual = actualTable('models', { id: 'BIGINT!', price: 'DOUBLE=' });
    expect(planTable(parts({ schema, actual })).columns.map(({ name }) => name)).toEqual(['id']);
  });
});

describe('schemaChanges(plan)', () => {
  it('tells a new table and its own columns, each with its first value', () => {
    const schema = { name: 'models', columns: { id, _dlt_id: { name: '_dlt_id', data_type: 'text' } } } as const;
    const changes = schemaChanges(planTable(parts({ schema, firstValues: { id: '7' } })));
    expect(changes.map(({ column, change, newType, firstValue }) => [column, change, newType, firstValue])).toEqual([
      [null, 'table_added', null, null],
      ['id', 'column_added', 'BIGINT', '7'],
    ]);
  });

  it('tells of one column that it widens and that it becomes required', () => {
    const schema = { name: 'models', columns: { price: { ...price, nullable: false } } };
    const actual = actualTable('models', { price: 'BIGINT' });
    const changes = schemaChanges(planTable(parts({ schema, actual, widened: new Set(['price']) })));
    expect(changes.map(({ change, oldType, newType }) => [change, oldType, newType])).toEqual([
      ['column_widened', 'BIGINT', 'DOUBLE'],
      ['column_required', 'BIGINT', 'DOUBLE'],
    ]);
  });

  it('takes no first value from what every object has', () => {
    const schema = { name: 'models', columns: { constructor: { name: 'constructor', data_type: 'text' } } } as const;
    expect(schemaChanges(planTable(parts({ schema }))).at(-1)).toMatchObject({
      column: 'constructor',
      firstValue: null,
    });
  });

  it('tells nothing of a table that is kept', () => {
    const actual = actualTable('models', { id: 'BIGINT!', price: 'DOUBLE' });
    expect(schemaChanges(planTable(parts({ actual })))).toEqual([]);
  });
});
