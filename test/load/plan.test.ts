import { describe, expect, it, test } from 'vitest';
import { chainTables, type PlanParts, planLoad } from '../../src/load/plan.ts';
import type { PackageResource, PackageTable } from '../../src/package/layout.ts';
import { mergeStrategies, type Strategy, strategies } from '../../src/schema/strategies.ts';
import type { ColumnSchema, TableSchema } from '../../src/schema/table-schema.ts';
import { actualTable, catalogueOf } from './catalogues.ts';

const id = { name: 'id', data_type: 'bigint', nullable: false } as const;
const key: ColumnSchema = { ...id, primary_key: true };
const rowId = { name: '_dlt_id', data_type: 'text', nullable: false } as const;

function resource(name: string, status: PackageResource['status'] = 'done', place = 0): PackageResource {
  return { resource: name, place, root: name, status, position: null, records: 0, requests: 0, notes: [] };
}

function table(schema: TableSchema, rows = 1, changes: Partial<PackageTable> = {}): PackageTable {
  const facts = { nullOnly: [], firstValues: {}, keys: {}, ownKeys: false, place: null };
  return { schema, root: 'models', resource: 'models', rows, ...facts, ...changes };
}

const models = (hints: Partial<TableSchema> = {}): TableSchema => ({
  name: 'models',
  columns: { id, _dlt_id: rowId },
  ...hints,
});

const nested = (name: string, parent: string): TableSchema => ({ name, parent, columns: { _dlt_id: rowId } });

function parts(changes: Partial<PlanParts> = {}): PlanParts {
  return {
    tables: [table(models())],
    resources: [resource('models')],
    stored: {},
    actual: new Map(),
    widenings: [],
    fixed: new Set(),
    ...changes,
  };
}

const written = (name: Strategy): Partial<TableSchema> => {
  const merge = mergeStrategies.find((strategy) => strategy === name);
  return {
    write_disposition: strategies[name].disposition,
    columns: { id: key, _dlt_id: rowId },
    ...(merge === undefined ? {} : { 'x-merge-strategy': merge }),
  };
};

describe('planLoad(parts)', () => {
  test.each(Object.keys(strategies) as Strategy[])('takes the strategy that the document says: %s', (name) => {
    const { chains } = planLoad(parts({ tables: [table(models(written(name)))] }));
    expect(chains.map(({ strategy }) => strategy)).toEqual([name]);
  });

  test.each([
    ['a merge without a strategy by a key', { write_disposition: 'merge', columns: { id: key } }, 'delete-insert'],
    ['a merge without a key', { write_disposition: 'merge' }, 'append'],
    ['an upsert without a key', { write_disposition: 'merge', 'x-merge-strategy': 'upsert' }, 'append'],
    ['scd2 without a key', { write_disposition: 'merge', 'x-merge-strategy': 'scd2' }, 'scd2'],
    ['a table that says nothing', {}, 'append'],
  ] as const)('makes of %s: %s', (_, hints, strategy) => {
    expect(planLoad(parts({ tables: [table(models(hints))] })).chains).toMatchObject([{ strategy }]);
  });

  it('plans nothing for a table that is skipped', () => {
    expect(planLoad(parts({ tables: [table(models({ write_disposition: 'skip' }))] }))).toEqual({
      chains: [],
      changes: [],
    });
  });

  it('puts parents before what is nested in them, in whatever order the package has them', () => {
    const names = ['models__tags__words', 'models__tags', 'models'] as const;
    const tables = [nested(names[0], names[1]), nested(names[1], names[2]), models()].map((schema) => table(schema));
    const [chain] = planLoad(parts({ tables })).chains;
    expect(chain && chainTables(chain).map(({ name }) => name)).toEqual([
      'models',
      'models__tags',
      'models__tags__words',
    ]);
  });

  it('takes in nested tables that have no rows this time', () => {
    const stored = { models: models(), models__tags: nested('models__tags', 'models') };
    const [chain] = planLoad(parts({ stored })).chains;
    expect(chain?.nested).toMatchObject([{ name: 'models__tags', rows: 0 }]);
  });

  test.each([
    ['done', 0, 1],
    ['failed', 1, 0],
    ['skipped', 0, 0],
    ['skipped', 1, 1],
    ['ignored', 0, 0],
  ] as const)('of a resource that is %s and has %d rows, loads %d', (status, rows, chains) => {
    const actual = catalogueOf(actualTable('models', { id: 'BIGINT!', _dlt_id: 'VARCHAR!' }));
    const plan = planLoad(parts({ tables: [table(models(), rows)], resources: [resource('models', status)], actual }));
    expect(plan.chains).toHaveLength(chains);
  });

  it('refuses rows that no root table leads to, instead of losing them', () => {
    const tables = [table(nested('models__tags', 'models'))];
    expect(() => planLoad(parts({ tables }))).toThrow('Resource models has rows, but no root table `models`');
  });

  test.each([
    ['delete-insert', true],
    ['upsert', true],
    ['insert-only', false],
    ['scd2', false],
    ['append', false],
    ['replace', false],
  ] as const)('gives nested tables of before a root key where %s deletes by it: %s', (name, expected) => {
    const stored = { models: models(written(name)), models__tags: nested('models__tags', 'models') };
    const [chain] = planLoad(parts({ tables: [table(models(written(name)))], stored })).chains;
    const columns = chain?.nested.flatMap((each) => each.columns.map((column) => column.name));
    expect(columns?.includes('_dlt_root_id')).toBe(expected);
  });

  it('tells the changes of every table, in the order in which they are made', () => {
    const tables = [table(nested('models__tags', 'models')), table(models())];
    const { changes } = planLoad(parts({ tables }));
    expect(changes.map(({ table: name, column, change }) => [name, column, change])).toEqual([
      ['models', null, 'table_added'],
      ['models', 'id', 'column_added'],
      ['models__tags', null, 'table_added'],
    ]);
  });
});
