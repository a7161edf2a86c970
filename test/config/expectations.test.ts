import { expect, test } from 'vitest';
import { load, problems, withResources } from './loading.ts';

/** Without the place and the beginning of the path. */
const short = async (yaml: string) =>
  (await problems(yaml)).map((line) => line.replace(/^\S+ +source\.resources\.models\.expectations/, ''));

const lines = (...items: readonly string[]) => [
  '- name: models',
  '  expectations:',
  ...items.map((item) => `    - ${item}`),
];

test('every expectation that cannot be asked is a problem where it stands', async () => {
  const yaml = withResources(
    ...lines(
      '{ severity: warn }',
      '{ min_row: 5 }',
      '{ min_rows: -1 }',
      '{ max_drop: 120% }',
      '{ max_age: soon }',
      '{ min_rows: 1, severity: error }',
      '{ accepted_values: { status: [] } }',
    ),
  );
  expect(await short(yaml)).toEqual([
    '[0]  expected something that the table has to be: `min_rows`, `max_drop`, `max_age`, `not_null`, `unique`, `accepted_values`, `matches`, `sql`',
    '[1]  expected something that the table has to be: `min_rows`, `max_drop`, `max_age`, `not_null`, `unique`, `accepted_values`, `matches`, `sql`',
    '[1].min_row  unknown key, did you mean `min_rows`?',
    '[2].min_rows  expected a number of at least 0',
    '[3].max_drop  expected a part of the rows, from `0%` to `100%`, or a number of rows',
    '[4].max_age  expected a duration: seconds, or `500ms`, `30s`, `5m`, `2h`',
    '[5].severity  expected one of `fail`, `warn`, got `error`',
    '[6].accepted_values.status  expected a list of at least 1 item',
  ]);
  expect(
    await short(withResources(...lines('{ not_null: id, table: other }', '{ not_null: id, table: models__tags }'))),
  ).toEqual(['[0].table  expected `models` or a table nested in it, such as `models__tags`']);
});

test('SQL and patterns are read before anything is asked of the source, and see the dataset alone', async () => {
  const yaml = withResources(
    ...lines(
      `{ matches: { id: '(' } }`,
      '{ sql: "selec 1" }',
      '{ sql: "delete from models" }',
      '{ sql: "select 1; select 2" }',
      `{ sql: "from read_text('/etc/hostname')" }`,
      `{ sql: "with q as (from 'rows.csv') from q" }`,
      '{ sql: "select (select max(run_id) from ledger.runs)" }',
      '{ sql: "select $1" }',
      `{ sql: "select nextval('s')" }`,
      '{ sql: "from shop_dataset.models as m, unnest([1]) where m.id = 2" }',
    ),
  );
  expect(await short(yaml)).toEqual([
    '[0].matches.id  expected a regular expression: `(` cannot be read: missing ): (',
    '[1].sql  expected a `select`: `selec 1` cannot be read: syntax error at or near "selec"',
    '[2].sql  expected a `select`: `delete from models` is no `select`',
    '[3].sql  expected a `select`: `select 1; select 2` holds 2 statements',
    "[4].sql  expected a `select`: `from read_text('/etc/hostname')` calls `read_text`, which sees more than the dataset",
    "[5].sql  expected a `select`: `with q as (from 'rows.csv') from q` reads `rows.csv`, which is no table of the dataset `shop_dataset`",
    '[6].sql  expected a `select`: `select (select max(run_id) from ledger.runs)` reads `ledger.runs`, which is no table of the dataset `shop_dataset`',
    '[7].sql  expected a `select`: `select $1` holds a `?` or `$1`, of which nobody knows the value',
    "[8].sql  expected a `select`: `select nextval('s')` calls `nextval`, which changes something",
  ]);
});

test('a mapping is one expectation of each of its keys', async () => {
  const { source } = await load(
    withResources('- { name: models, expectations: { min_rows: 1, not_null: id, max_age: { at: 1h } } }'),
  );
  expect(source.resources[0]?.expectations).toEqual([
    { severity: 'fail', min_rows: 1, not_null: ['id'], max_age: { at: 3_600_000 } },
  ]);
});
