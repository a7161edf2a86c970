import { expect, test } from 'vitest';
import { publishToWarehouse } from '../../../src/destinations/warehouse/publish-warehouse.ts';
import { ConnectionLost } from '../../../src/destinations/warehouse/warehouse-transport.ts';
import { PipelineError } from '../../../src/errors.ts';
import { askedOf } from '../../../src/expectations/asked-dataset.ts';
import { silentFindings } from '../../../src/findings.ts';
import type { LoadResult } from '../../../src/load/load-result.ts';
import type { Fragment } from '../../../src/load/staging/sql-fragment.ts';
import type { PackageResource } from '../../../src/package/layout.ts';
import type { Strategy } from '../../../src/schema/strategies.ts';
import { DuckdbTransport, duckdbDialect, type EngineKind } from '../../support/duckdb-warehouse.ts';
import { type Loader, SCHEMA_NAME, TestDestination, type TestPackage, type TestTable } from '../../support/package.ts';

const engines: readonly EngineKind[] = [
  { atomic: 'load', copiesIntoTables: true, merges: false },
  { atomic: 'rows', copiesIntoTables: false, merges: true },
  { atomic: 'statement', copiesIntoTables: false, merges: true },
];

/** Loads through the warehouse's code into DuckDB, which stands for an engine of that kind. */
function warehouseLoader(kind: EngineKind, sent: string[], transport = DuckdbTransport): Loader {
  const begun = new Set<string>();
  return async (connection, { dataset, pipelineName, loadId, now, allowDelete = false }) => {
    const isRecovered = begun.has(loadId);
    begun.add(loadId);
    const names = { dataset, pipelineName, schemaName: SCHEMA_NAME };
    const connect = async () => new transport(connection, sent);
    const how = {
      isRecovered,
      createIndexes: false,
      allowDelete,
      views: {},
      findings: silentFindings,
      asked: (_transport: unknown) => askedOf({ connection, catalog: 'target', dataset }),
    };
    const target = { connect, dialect: duckdbDialect(kind, connection), names, wait: 0 };
    return publishToWarehouse(target, { loadId, connection, now, ...how });
  };
}

interface Item {
  readonly id: string;
  readonly text: string | null;
  readonly gone?: boolean;
  /** `_dlt_id` that the record brought. */
  readonly own?: string;
  readonly list: readonly string[];
}

const merges = { 'delete-insert': 'number', upsert: 'key', 'insert-only': 'key', scd2: 'record' } as const;

/** One table of each strategy, with a list in it; keys are prescribed as the normalizer does. */
function tablesOf(name: string, strategy: Strategy, items: readonly Item[]): TestTable[] {
  const isMerge = strategy in merges;
  const keyOf = ({ id, text, own }: Item) => {
    if (own !== undefined) return own;
    if (strategy === 'upsert' || strategy === 'insert-only') return `key of ${id}`;
    return strategy === 'scd2' ? `record ${id} ${text}` : null;
  };
  const validity = {
    valid_from: { data_type: 'timestamp', 'x-valid-from': true },
    valid_to: { data_type: 'timestamp', 'x-valid-to': true },
  } as const;
  return [
    {
      name,
      ownKeys: items.some(({ own }) => own !== undefined),
      hints: isMerge
        ? { write_disposition: 'merge', 'x-merge-strategy': strategy as keyof typeof merges }
        : { write_disposition: strategy as 'append' },
      columns: {
        id: { data_type: 'text', ...(isMerge && strategy !== 'scd2' ? { primary_key: true } : {}) },
        text: 'text',
        ...(strategy === 'delete-insert' || strategy === 'upsert'
          ? { gone: { data_type: 'bool', hard_delete: true } }
          : {}),
        ...(strategy === 'scd2' ? validity : {}),
      },
      rows: items.map((item) => ({
        id: item.id,
        text: item.text,
        ...(strategy === 'delete-insert' || strategy === 'upsert' ? { gone: item.gone ?? false } : {}),
        '#key': keyOf(item),
      })),
    },
    {
      name: `${name}__list`,
      parent: name,
      rootKey: isMerge && strategy !== 'scd2',
      columns: { value: 'text' },
      rows: items.flatMap((item, parent) =>
        item.list.map((value, index) => ({
          '#parent': parent,
          '#index': index,
          '#key': keyOf(item) === null ? null : `${keyOf(item)}/${index}`,
          '#parent_key': keyOf(item),
          '#root_key': keyOf(item),
          value,
        })),
      ),
    },
  ];
}

const all: readonly Strategy[] = ['append', 'replace', 'delete-insert', 'upsert', 'insert-only', 'scd2'];
const nameOf = (strategy: Strategy) => `t_${strategy.replace('-', '_')}`;

function packageOf(items: readonly Item[], missing?: PackageResource['missing']): TestPackage {
  const facts = Object.fromEntries(
    ['delete-insert', 'upsert'].map((strategy) => [
      nameOf(strategy as Strategy),
      missing === undefined ? {} : { missing, isWhole: true },
    ]),
  );
  return { tables: all.flatMap((strategy) => tablesOf(nameOf(strategy), strategy, items)), facts };
}

const story: readonly TestPackage[] = [
  packageOf([
    { id: 'a', text: 'one', list: ['x', 'y'] },
    { id: 'b', text: 'two', list: ['z'] },
    { id: 'c', text: 'three', list: [] },
    { id: 'a', text: 'again', list: ['w'] },
  ]),
  packageOf([
    { id: 'a', text: 'changed', list: ['y'] },
    { id: 'b', text: 'two', gone: true, list: [] },
    { id: 'd', text: null, list: ['v'] },
  ]),
  packageOf([{ id: 'd', text: 'four', list: ['v', 'u'] }], { how: 'soft', most: { share: 1 } }),
  packageOf([{ id: 'a', text: 'back', list: [] }], { how: 'soft', most: { share: 1 } }),
  // The key that the first row brings is that of a row which is there in some of the tables.
  packageOf([
    { id: 'e', text: 'five', own: 'key of a', list: ['t'] },
    { id: 'f', text: 'six', own: 'key of f', list: [] },
  ]),
  packageOf([], { how: 'hard', most: { share: 1 } }),
];

async function told(loader: Loader | undefined) {
  const destination = await TestDestination.open(loader);
  const loads: unknown[] = [];
  for (const contents of story) {
    const { tables, counts, changes, notes, emptied }: LoadResult = await destination.load(contents);
    const rows: Record<string, unknown> = {};
    for (const strategy of all)
      for (const table of [nameOf(strategy), `${nameOf(strategy)}__list`])
        rows[table] = await destination.rows(table, '*');
    loads.push({ tables, counts, changes, notes, emptied, rows });
  }
  const books: Record<string, unknown> = {};
  for (const book of ['_dlt_loads', '_dlt_version', '_elt_schema_changes', '_elt_load_tables'])
    books[book] = await destination.rows(book, "columns(c -> c not in ('inserted_at', 'changed_at'))");
  return { loads, books };
}

test('an engine of any kind ends up with the rows, counts and books of a DuckDB file', async () => {
  const expected = await told(undefined);
  for (const engine of engines) {
    const found = await told(warehouseLoader(engine, []));
    expect(found, engine.atomic).toEqual(expected);
  }
});

test('texts that are the same without NUL characters are one key, on an engine that has none', async () => {
  const kind = { atomic: 'load', copiesIntoTables: true, merges: false, refusesNul: true } as const;
  const destination = await TestDestination.open(warehouseLoader(kind, []));
  const loads: readonly Item[][] = [
    [
      { id: 'x', text: 'first', list: ['of the first'] },
      { id: 'x\0', text: 'la\0st', list: ['\0of', 'the last'] },
    ],
    [{ id: '\0x', text: 'again', own: 'k\0', list: ['of it'] }],
    [
      { id: 'y', text: 'other', own: '\0k', list: ['of the other'] },
      { id: 'z', text: 'third', own: 'k', list: [] },
    ],
  ];
  const told: unknown[] = [];
  for (const items of loads) {
    const { notes } = await destination.load(packageOf(items));
    const rows = await destination.sql(
      `select id, text, value from t_delete_insert as r
       left join t_delete_insert__list as l on l._dlt_parent_id = r._dlt_id order by all`,
    );
    told.push({ notes: notes.filter((text) => /^t_delete_insert/.test(text)).length, rows });
  }
  expect(told).toEqual([
    {
      notes: 2,
      rows: [
        { id: 'x', text: 'last', value: 'of' },
        { id: 'x', text: 'last', value: 'the last' },
      ],
    },
    { notes: 2, rows: [{ id: 'x', text: 'again', value: 'of it' }] },
    {
      notes: 2,
      rows: [
        { id: 'x', text: 'again', value: 'of it' },
        { id: 'y', text: 'other', value: 'of the other' },
        { id: 'z', text: 'third', value: null },
      ],
    },
  ]);
});

test('what makes or changes tables comes before the transaction, and the load last, where they end one', async () => {
  const sent: string[] = [];
  const destination = await TestDestination.open(
    warehouseLoader({ atomic: 'rows', copiesIntoTables: false, merges: true }, sent),
  );
  await destination.load(story[0] ?? packageOf([]));
  sent.length = 0;
  await destination.load(packageOf([{ id: 'a', text: 'new', list: ['q'] }]));

  const begin = sent.indexOf('begin');
  expect(sent.slice(begin).filter((words) => /^(create|alter|comment|stage)/.test(words))).toEqual([]);
  expect(sent.slice(0, begin).filter((words) => /^(insert|update|delete|merge)/.test(words))).toEqual([]);
  expect(sent.at(-2)).toMatch(/^insert into .*"_dlt_loads"/);
  expect(sent.at(-1)).toBe('commit');
});

test('where nothing holds statements together, a load that broke off anywhere is whole when it is repeated', async () => {
  const kind = { atomic: 'statement', copiesIntoTables: false, merges: true } as const;
  const changed = [
    { id: 'a', text: 'new', list: ['q', 'y'] },
    { id: 'd', text: 'four', list: ['v'] },
  ];
  const second = { ...packageOf(changed), loadId: '1767322802.000000' };
  const tables = all.flatMap((strategy) => [nameOf(strategy), `${nameOf(strategy)}__list`]);
  const rowsOf = async (destination: TestDestination) => {
    const rows: Record<string, unknown> = {};
    for (const table of [...tables, '_dlt_loads', '_dlt_pipeline_state'])
      rows[table] = await destination.rows(table, "columns(c -> c not in ('inserted_at', 'created_at'))");
    return rows;
  };
  let left = Number.POSITIVE_INFINITY;
  class Breaking extends DuckdbTransport {
    override async begin() {}
    override async execute(statement: Fragment) {
      if (/^\s*(?:insert|delete|merge|update)/.test(statement.sql) && left-- <= 0) throw new Error('broke off');
      return super.execute(statement);
    }
  }
  const first = story[0] ?? packageOf([]);
  const whole = await TestDestination.open(warehouseLoader(kind, [], Breaking));
  await whole.load(first);
  left = 1000;
  await whole.load(second);
  const expected = await rowsOf(whole);
  const statements = 1000 - left;

  expect(statements).toBeGreaterThan(15);
  for (let at = 1; at < statements; at += 9) {
    left = Number.POSITIVE_INFINITY;
    const destination = await TestDestination.open(warehouseLoader(kind, [], Breaking));
    await destination.load(first);
    left = at;
    await expect(destination.load(second)).rejects.toThrow('broke off');
    left = Number.POSITIVE_INFINITY;
    await destination.load(second);
    expect(await rowsOf(destination), `after ${at} statements`).toEqual(expected);
  }
});

test('where nothing holds statements together, a load of which a table refuses a row leaves no rows that it added', async () => {
  const kind = { atomic: 'statement', copiesIntoTables: false, merges: true } as const;
  let isRefusing = false;
  class Refusing extends DuckdbTransport {
    override async begin() {}
    override async execute(statement: Fragment) {
      if (isRefusing && /^\s*insert .*"t_append__list"/.test(statement.sql))
        throw new PipelineError({ code: 'ContractViolated', message: 'refused a row', hint: 'change it' });
      return super.execute(statement);
    }
  }
  const destination = await TestDestination.open(warehouseLoader(kind, [], Refusing));
  await destination.load(story[0] ?? packageOf([]));
  const before = await destination.rows(nameOf('append'));
  isRefusing = true;
  const second = { ...packageOf([{ id: 'z', text: 'new', list: ['q'] }]), loadId: '1767322802.000000' };
  await expect(destination.load(second)).rejects.toMatchObject({ exitCode: 7 });
  expect(await destination.rows(nameOf('append'))).toEqual(before);
});

test.each([
  ['was done', 'commit'],
  ['was not done', 'rollback'],
] as const)('a commit that nobody answers, and that %s, is found out', async (_, how) => {
  class Losing extends DuckdbTransport {
    override async commit() {
      await super[how]();
      throw new ConnectionLost(new Error('nobody answers'));
    }
  }
  const kind = { atomic: 'load', copiesIntoTables: true, merges: false } as const;
  const destination = await TestDestination.open(warehouseLoader(kind, [], Losing));
  const load = destination.load(packageOf([{ id: 'a', text: 'x', list: [] }]));

  if (how === 'commit') expect((await load).loaded).toBe(true);
  else await expect(load).rejects.toMatchObject({ code: 'DestinationFailed', exitCode: 6 });
});
