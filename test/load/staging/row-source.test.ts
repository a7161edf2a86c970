import { describe, expect, it, test } from 'vitest';
import { keySource, packageRows, type RowContext, rowSource } from '../../../src/load/staging/row-source.ts';
import { fragment } from '../../../src/load/staging/sql-fragment.ts';
import { planTable, type TablePlan } from '../../../src/load/table-plan.ts';
import { KEY, PARENT_KEY, ROOT_KEY } from '../../../src/package/layout.ts';
import { keyPrefix } from '../../../src/schema/row-id.ts';
import { systemColumns } from '../../../src/schema/system-columns.ts';
import type { ColumnSchema } from '../../../src/schema/table-schema.ts';
import { actualTable } from '../catalogues.ts';

const LOAD_ID = '1700000000.000001';

function plan(columns: readonly ColumnSchema[], parent?: string, actual = {}): TablePlan {
  const name = parent === undefined ? 'models' : `${parent}__tags`;
  const all = [...columns, ...systemColumns(parent !== undefined, parent !== undefined)];
  return planTable({
    schema: {
      name,
      columns: Object.fromEntries(all.map((column) => [column.name, column])),
      ...(parent === undefined ? {} : { parent }),
    },
    root: 'models',
    actual: Object.keys(actual).length === 0 ? null : actualTable(name, actual),
    rows: 1,
    ownKeys: false,
    firstValues: {},
    widened: new Set(),
    fixed: false,
  });
}

function context(columns: Readonly<Record<string, readonly string[]>>, changes: Partial<RowContext> = {}): RowContext {
  const packageColumns = new Map(Object.entries(columns).map(([table, names]) => [table, new Set(names)]));
  return { loadId: LOAD_ID, packageColumns, variants: new Map(), contested: new Map(), ...changes };
}

const text = (name: string): ColumnSchema => ({ name, data_type: 'text' });
const made = (table: string) => keyPrefix(LOAD_ID, table);

describe('rowSource(table, context)', () => {
  it('selects what the package has, and makes the keys of the rows of their numbers', () => {
    const { columns, select } = rowSource(plan([text('name'), text('never')]), context({ models: ['name'] }));
    expect(columns).toEqual(['name', '_dlt_load_id', '_dlt_id']);
    expect(select.sql).toBe('p."name" as "name", ? as "_dlt_load_id", ? || p."#row" as "_dlt_id"');
    expect(select.values).toEqual([LOAD_ID, made('models')]);
  });

  it('has null for columns that the package lacks only where an update has to empty them', () => {
    const { select } = rowSource(plan([text('never')]), context({ models: [] }), { complete: true });
    expect(select.sql).toContain('cast(null as VARCHAR) as "never"');
  });

  it('takes a value that is given before that of the package', () => {
    const given = new Map([['name', fragment('upper(?)', 'x')]]);
    const { select } = rowSource(plan([text('name')]), context({ models: ['name'] }), { given });
    expect(select.sql).toContain('upper(?) as "name"');
    expect(select.values).toEqual(['x', LOAD_ID, made('models')]);
  });

  it('hangs nested rows under the row, and the root row, that they came with', () => {
    const { columns, select } = rowSource(
      plan([text('value')], 'models__parts'),
      context({ models__parts__tags: ['value'] }),
    );
    expect(columns).toEqual(['value', '_dlt_root_id', '_dlt_parent_id', '_dlt_list_idx', '_dlt_id']);
    expect(select.sql).toBe(
      'p."value" as "value", ? || p."#root" as "_dlt_root_id", ? || p."#parent" as "_dlt_parent_id", ' +
        'p."#index"::bigint as "_dlt_list_idx", ? || p."#row" as "_dlt_id"',
    );
    expect(select.values).toEqual(['models', 'models__parts', 'models__parts__tags'].map(made));
  });

  it('takes prescribed keys where rows have them, and only where', () => {
    const names = [KEY, PARENT_KEY, ROOT_KEY];
    const { select } = rowSource(plan([], 'models'), context({ models__tags: names }));
    expect(select.sql).toContain('coalesce(p."#root_key", ? || p."#root") as "_dlt_root_id"');
    expect(select.sql).toContain('coalesce(p."#key", ? || p."#row") as "_dlt_id"');
    expect(select.values).toHaveLength(3);
  });

  test.each([
    ['both', ['size', 'size__v_double'], 'coalesce(cast(p."size" as DOUBLE), cast(p."size__v_double" as DOUBLE))'],
    ['only the variant', ['size__v_double'], 'cast(p."size__v_double" as DOUBLE)'],
  ])('puts the values of a variant into the column that widens, where the package has %s', (_, names, sql) => {
    const variants = new Map([['models', new Map([['size', 'size__v_double']])]]);
    const { select } = rowSource(
      plan([{ name: 'size', data_type: 'double' }]),
      context({ models: names }, { variants }),
    );
    expect(select.sql).toContain(`${sql} as "size"`);
  });

  it('casts to the type that a column of the destination really has', () => {
    const table = plan([{ name: 'size', data_type: 'bigint' }], undefined, { size: 'INTEGER' });
    expect(rowSource(table, context({ models: ['size'] })).select.sql).toContain('cast(p."size" as INTEGER) as "size"');
  });

  it('quotes names that are no identifiers', () => {
    const { select } = rowSource(plan([text('a"b')]), context({ models: ['a"b'] }));
    expect(select.sql).toContain('p."a""b" as "a""b"');
  });
});

describe('packageRows(table, context)', () => {
  it('is the package table itself where no keys are contested', () => {
    expect(packageRows(plan([]), context({ models: [KEY] }))).toBe('"package"."main"."models" as p');
  });

  it('forgets the key of a row that another row has, and what hangs under it', () => {
    const contested = new Map([['models', 'temp.main.taken']]);
    const columns = { models: [KEY], models__tags: [PARENT_KEY, ROOT_KEY] };
    expect(packageRows(plan([]), context(columns, { contested }))).toContain(
      'case when "#row" not in (select number from temp.main.taken) then "#key" end as "#key"',
    );
    const below = packageRows(plan([], 'models'), context(columns, { contested }));
    expect(below).toContain('then "#parent_key" end as "#parent_key"');
    expect(below).toContain('then "#root_key" end as "#root_key"');
  });
});

describe('keySource(table, context, keys)', () => {
  const table = plan([text('a'), text('b')]);
  const keys = table.columns.filter(({ name }) => name === 'a' || name === 'b');

  it('is the columns of the key, each under its name', () => {
    expect(keySource(table, context({ models: ['a', 'b'] }), keys)?.sql).toBe('p."a" as "a", p."b" as "b"');
  });

  it('is none where one of them never had a value', () => {
    expect(keySource(table, context({ models: ['a'] }), keys)).toBeUndefined();
  });
});
