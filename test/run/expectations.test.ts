import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { realEffects, runPipeline, type Trace, textReport } from '../../src/index.ts';
import { value } from '../support/published.ts';
import { tempFolder } from '../support/temp-folder.ts';

type Resource = Exclude<ConfigFileInput['source']['resources'][number], string>;
type Expectations = NonNullable<Resource['expectations']>;

/** A pipeline of which the first run is on 2026-01-01, the second on 2026-01-02, … */
async function useNights(publish: ConfigFileInput['pipeline']['publish'] = {}) {
  const folder = await tempFolder();
  const file = join(folder, 'file.duckdb');
  const pipeline = {
    name: 'nights',
    dataset_name: 'data',
    working_dir: join(folder, 'work'),
    destination: { type: 'duckdb' as const, path: file },
    publish,
  };
  let night = 0;
  return {
    file,
    run(resources: readonly Resource[], more: Partial<ConfigFileInput['pipeline']> = {}): Promise<Trace> {
      night += 1;
      const effects = { ...realEffects, env: {}, now: () => Date.UTC(2026, 0, night) };
      const config = { pipeline: { ...pipeline, ...more }, source: { name: 's', resources: [...resources] } };
      return runPipeline(config, { effects });
    },
  };
}

const given = (
  name: string,
  list: readonly object[],
  expectations: Expectations,
  more: Partial<Resource> = {},
): Resource => ({
  name,
  write_disposition: 'replace',
  data: () => list,
  expectations,
  ...more,
});

const models = [
  { id: 'a', status: 'on', price: 1, parts: [{ of: 1 }], at: '2026-01-01T00:00:00Z' },
  { id: 'b', status: 'off', price: 2, parts: [], at: '2025-12-01T00:00:00Z' },
  { id: 'b', status: 'lost', price: null, parts: [{ of: null }], at: null },
];

const told = (trace: Trace) =>
  trace.packages.flatMap(({ expectations = [] }) =>
    expectations.map(({ name, status, message }) => [name, status, message]),
  );

it('each kind of expectation says what it found; what is only to warn is published', async () => {
  const { run, file } = await useNights();
  const all: Expectations = [
    { min_rows: 3, max_drop: '0%', not_null: 'id', accepted_values: { status: ['on', 'off', 'lost'] } },
    { min_rows: 4, severity: 'warn' },
    { not_null: ['id', 'price'], severity: 'warn', name: 'priced' },
    { unique: 'id', severity: 'warn' },
    { unique: ['id', 'status'] },
    { accepted_values: { status: ['on', 'off'], price: [1, 2.0] }, severity: 'warn' },
    { matches: { id: '^[a-z]$' } },
    { matches: { status: '^o' }, severity: 'warn' },
    { max_age: '1m' },
    { max_age: { at: '12h' } },
    { max_age: { status: '1h' }, severity: 'warn' },
    { table: 'models__parts', not_null: 'of', severity: 'warn' },
    { table: 'models__none', min_rows: 1, not_null: 'x', severity: 'warn' },
    { sql: '; select id, status from models where price > 1; -- each; of them', severity: 'warn', name: 'cheap' },
  ];
  const trace = await run([given('models', models, all)], { expectations: [{ sql: 'from models where false' }] });
  expect(trace).toMatchObject({ exitCode: 0, published: true });
  expect(told(trace).filter(([, status]) => status !== 'met')).toEqual([
    ['min_rows: 4', 'warned', '3 rows, expected at least 4'],
    ['priced', 'warned', '1 row has no `id` or `price`'],
    ['unique: id', 'warned', '1 value of `id` stands in more than one row'],
    ['accepted_values: status', 'warned', '1 row has another `status`'],
    ['matches: status', 'warned', '1 row has a `status` without `^o`'],
    ['max_age: status 1h', 'warned', 'there is no row with `status`'],
    ['not_null: of', 'warned', '1 row has no `of`'],
    ['min_rows: 1', 'warned', '0 rows, expected at least 1'],
    ['cheap', 'warned', 'returned 1 row'],
  ]);
  expect(told(trace)).toHaveLength(20);
  expect(await value(file, 'select count(*) from models')).toBe(3);
  const report = textReport(trace);
  expect(report).toContain('  `models`: expectation `cheap` is not met: returned 1 row, published all the same\n');
  expect(report).toContain('  such as {"id":"b","rows":2}\n');
});

it.each(['swap', 'in_place'] as const)(
  'one that fails publishes nothing, and sets the load aside (%s)',
  async (mode) => {
    const { run, file } = await useNights({ mode });
    const night = (list: readonly object[]) =>
      run([given('models', list, { max_drop: '20%', not_null: 'id', sql: "from models where status = 'bad'" })]);
    await night(models);
    const states = [{ id: 'a' }, { id: 'x' }, { status: 'bad' }];
    const failed = await night(states.slice(0, 2));
    expect(failed).toMatchObject({
      exitCode: 7,
      published: false,
      packages: [{ state: 'rejected' }],
      failure: {
        code: 'ExpectationFailed',
        message:
          '`models`: expectation `max_drop: 20%` is not met: 2 of 3 rows are left, expected to lose at most 20%. Nothing was published.',
        hint: 'Look at what the source answers; the report shows rows. What may be so has `severity: warn`: docs/expectations.md.',
      },
    });
    const [, notNull, sql] = (await night(states)).packages[0]?.expectations ?? [];
    expect(notNull).toMatchObject({ status: 'failed', failing: 1, sample: [{ id: null, status: 'bad' }] });
    expect(sql).toMatchObject({ status: 'failed', failing: 1, message: 'returned 1 row' });
    expect(await value(file, 'select count(*) from models where status is not null')).toBe(3);
    expect(await value(file, 'select count(*) from _dlt_loads')).toBe(1);
    expect(await night(models)).toMatchObject({ exitCode: 0, packages: [{ state: 'loaded' }] });
  },
);

it('SQL that does not fit the tables fails with 2, and what was extracted waits for it to be corrected', async () => {
  const { run, file } = await useNights();
  const night = (expectations: Expectations) => run([given('models', models, expectations)]);
  const typo = await night({ not_null: 'prize', severity: 'warn' });
  expect(typo).toMatchObject({
    exitCode: 2,
    packages: [{ state: 'pending' }],
    failure: {
      code: 'ConfigInvalid',
      message:
        'The expectation `not_null: prize` is about `prize`, which table `models` does not have, did you mean `price`? Nothing was published.',
    },
  });
  expect(await night({ sql: 'from modles', name: 'typed' })).toMatchObject({
    exitCode: 2,
    packages: [{ state: 'pending', recovered: true }],
    failure: {
      message: expect.stringMatching(/^The expectation `typed` cannot be asked: Catalog Error: Table .*modles/),
    },
  });
  const values = await night({ sql: 'from models where status::int > 1', severity: 'warn' });
  expect(values).toMatchObject({ exitCode: 7, packages: [{ state: 'rejected' }, { state: 'rejected' }] });
  expect(await night({ not_null: 'id' })).toMatchObject({ exitCode: 0 });
  expect(await value(file, 'select count(*) from models')).toBe(3);
});

it('rows marked as deleted and old versions do not count; what was not loaded is not asked', async () => {
  const { run } = await useNights();
  const night = (ids: readonly number[], names: readonly string[]) => {
    const list = ids.map((id) => ({ id, night: ids.length }));
    const merged = { disposition: 'merge', delete_missing: 'soft', max_delete: '100%' } as const;
    const versions = { disposition: 'merge', strategy: 'scd2' } as const;
    const all = [
      given('marked', list, { max_drop: 1, unique: 'id' }, { primary_key: 'id', write_disposition: merged }),
      given('versions', list, { min_rows: 1, unique: 'id' }, { write_disposition: versions }),
      given('never', [], { min_rows: 1 }),
    ];
    return run(all.filter(({ name }) => names.includes(name)));
  };
  expect(await night([1, 2, 3], ['marked', 'versions'])).toMatchObject({ exitCode: 0 });
  expect(await night([1, 2], ['marked', 'versions'])).toMatchObject({ exitCode: 0 });
  const lost = await night([], ['marked', 'versions']);
  expect(told(lost)).toEqual([
    ['max_drop: 1', 'failed', '0 of 2 rows are left, expected to lose at most 1'],
    ['unique: id', 'met', null],
    ['min_rows: 1', 'met', null],
    ['unique: id', 'met', null],
  ]);
});
