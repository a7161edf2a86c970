import { describe, expect, it } from 'vitest';
import type { ResolvedResource } from '../../src/config/pipeline-config.ts';
import { nestedTable, rootTable } from '../../src/schema/hints.ts';

function resource(parts: Partial<ResolvedResource> = {}): ResolvedResource {
  return {
    name: 'models',
    table_name: 'models',
    selected: true,
    write_disposition: { disposition: 'append' },
    ...parts,
  };
}

// What dlt 1.31.0 writes into its document for the same hints, before data comes.
describe('rootTable(resource)', () => {
  it('says where the rows come from and how they are written', () => {
    expect(rootTable(resource({ name: 'txLast', table_name: 'txLast', description: 'Last transaction' }))).toEqual({
      name: 'tx_last',
      resource: 'txLast',
      write_disposition: 'append',
      description: 'Last transaction',
      'x-normalizer': { 'seen-data': true },
      columns: {},
    });
  });

  it('names columns as the destination has room for them', () => {
    const hints = { primary_key: ['ctid'], columns: { Xmin: { data_type: 'text' } } } as const;
    const limit = { longest: 63, unit: 'bytes', system: ['ctid', 'xmin'] } as const;
    expect(Object.keys(rootTable(resource(hints), limit).columns)).toEqual(['xminx', 'ctidx']);
  });

  it('puts hinted columns first, in their order, then keys, which are NOT NULL', () => {
    const { columns } = rootTable(
      resource({
        primary_key: ['id', 'userId'],
        merge_key: ['day'],
        columns: {
          price: { data_type: 'decimal', precision: 18, scale: 4, description: 'USD' },
          userId: { data_type: 'text', 'x-pii': true },
        },
      }),
    );
    expect(Object.entries(columns)).toEqual([
      ['price', { name: 'price', data_type: 'decimal', precision: 18, scale: 4, description: 'USD' }],
      ['user_id', { name: 'user_id', data_type: 'text', 'x-pii': true, nullable: false, primary_key: true }],
      ['id', { name: 'id', nullable: false, primary_key: true }],
      ['day', { name: 'day', nullable: false, merge_key: true }],
    ]);
  });

  it('takes the key of the resource for the whole key, and what a column says about null', () => {
    const columns = { old: { primary_key: true }, id: { nullable: true } };
    expect(rootTable(resource({ primary_key: ['id'], columns })).columns).toEqual({
      old: { name: 'old' },
      id: { name: 'id', nullable: true, primary_key: true },
    });
    expect(rootTable(resource({ columns })).columns.old).toEqual({ name: 'old', primary_key: true });
  });

  it('knows the merge strategies', () => {
    const strategy = (write_disposition: ResolvedResource['write_disposition']) => {
      const { columns: _, ...hints } = rootTable(resource({ write_disposition }));
      return hints;
    };
    expect(strategy({ disposition: 'merge' })).not.toHaveProperty('x-merge-strategy');
    expect(strategy({ disposition: 'merge', strategy: 'upsert' })).toMatchObject({
      write_disposition: 'merge',
      'x-merge-strategy': 'upsert',
    });
    expect(strategy({ disposition: 'merge', strategy: 'delete-insert', deduplicated: true })).toMatchObject({
      'x-merge-strategy': 'delete-insert',
      'x-stage-data-deduplicated': true,
    });
    expect(strategy({ disposition: 'merge', strategy: 'scd2', boundary_timestamp: '2024-01-01' })).toMatchObject({
      'x-merge-strategy': 'scd2',
      'x-boundary-timestamp': '2024-01-01',
    });
  });

  it('adds the columns of scd2', () => {
    const { columns } = rootTable(resource({ write_disposition: { disposition: 'merge', strategy: 'scd2' } }));
    expect(Object.values(columns)).toEqual([
      { name: '_dlt_valid_from', data_type: 'timestamp', nullable: true, 'x-valid-from': true },
      {
        name: '_dlt_valid_to',
        data_type: 'timestamp',
        nullable: true,
        'x-valid-to': true,
        'x-active-record-timestamp': null,
      },
      {
        name: '_dlt_id',
        data_type: 'text',
        nullable: false,
        'x-row-version': true,
        unique: false,
        row_key: false,
      },
    ]);
  });

  it('takes the names of scd2 columns from the configuration', () => {
    const { columns } = rootTable(
      resource({
        write_disposition: {
          disposition: 'merge',
          strategy: 'scd2',
          validity_column_names: ['validFrom', 'validTo'],
          active_record_timestamp: '9999-12-31',
          row_version_column_name: 'etag',
        },
      }),
    );
    expect(Object.keys(columns)).toEqual(['valid_from', 'valid_to', 'etag']);
    expect(columns.valid_to).toMatchObject({ 'x-active-record-timestamp': '9999-12-31' });
    expect(columns.etag).not.toHaveProperty('data_type');
  });

  it('keeps contract and nesting where dlt keeps them', () => {
    expect(rootTable(resource({ schema_contract: { columns: 'freeze' }, max_table_nesting: 1 }))).toMatchObject({
      schema_contract: { columns: 'freeze' },
      'x-normalizer': { max_nesting: 1, 'seen-data': true },
    });
  });
});

describe('nestedTable(resource, name, path)', () => {
  const hinted = resource({
    nested_hints: {
      functions: { columns: { Value: { data_type: 'text' } }, primary_key: ['value'], description: 'What it can do' },
      deepList__inner: { max_table_nesting: 0 },
    },
  });

  it('finds the hints of a nested table by its path below the root', () => {
    expect(nestedTable(hinted, 'models__functions', ['models', 'functions'])).toEqual({
      name: 'models__functions',
      description: 'What it can do',
      'x-normalizer': { 'seen-data': true },
      columns: { value: { name: 'value', data_type: 'text', nullable: false, primary_key: true } },
    });
    expect(nestedTable(hinted, 'models__deep_list__inner', ['models', 'deep_list', 'inner'])).toMatchObject({
      'x-normalizer': { max_nesting: 0 },
    });
  });

  it('says nothing about others', () => {
    expect(nestedTable(hinted, 'models__tags', ['models', 'tags'])).toBeUndefined();
    expect(nestedTable(resource(), 'models__functions', ['models', 'functions'])).toBeUndefined();
  });
});
